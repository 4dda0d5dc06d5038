package io.portolan.converter.passes;

import java.util.Locale;

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

    /** What users call it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    Pass pass() {
        return pass;
    }
}
