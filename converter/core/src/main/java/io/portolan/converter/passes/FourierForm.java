package io.portolan.converter.passes;

/** The operators that Fourier transforms are lowered to. */
public enum FourierForm {
    /** Products with constant matrices, which every runtime supports. */
    MATMUL(new LowerFourierToMatMul()),

    /** ONNX's DFT operator, from opset 17 on. */
    DFT(new LowerFourierToDft());

    private final Pass pass;

    FourierForm(Pass pass) {
        this.pass = pass;
    }

    Pass pass() {
        return pass;
    }
}
