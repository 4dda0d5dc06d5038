package io.portolan.converter.passes;

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
