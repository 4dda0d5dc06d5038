package io.portolan.converter;

import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.passes.Pass;
import io.portolan.converter.passes.fourier.LowerFourierToDft;
import io.portolan.converter.passes.fourier.LowerFourierToMatMul;

/** The operators that Fourier transforms are lowered to. */
public enum FourierForm {
    /** Products with constant matrices, which every runtime supports. */
    MATMUL(new LowerFourierToMatMul(), StandardOp.MAT_MUL),

    /** ONNX's DFT operator, from opset 17 on. */
    DFT(new LowerFourierToDft(), StandardOp.DFT);

    private final Pass pass;
    private final StandardOp operator;

    FourierForm(Pass pass, StandardOp operator) {
        this.pass = pass;
        this.operator = operator;
    }

    Pass pass() {
        return pass;
    }

    /** The operator that a transform is lowered to. */
    StandardOp operator() {
        return operator;
    }
}
