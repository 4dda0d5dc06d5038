package io.portolan.converter;

import io.portolan.converter.passes.Pass;
import io.portolan.converter.passes.fourier.LowerFourierToDft;
import io.portolan.converter.passes.fourier.LowerFourierToMatMul;

/** What Fourier transforms are written as. */
public enum FourierForm {
    /** Products with constant matrices, which every runtime knows. */
    MATMUL(new LowerFourierToMatMul()),

    /** ONNX's own operator, from opset 17 on. */
    DFT(new LowerFourierToDft());

    private final Pass pass;

    FourierForm(Pass pass) {
        this.pass = pass;
    }

    Pass pass() {
        return pass;
    }
}
