package io.portolan.converter.ir;

import java.util.List;

/**
 * Elementwise functions of one tensor that ONNX has no operator for. Each stays one node, so that passes can recognise what it is part of,
 * until a pass writes what it is composed of.
 */
public enum ComposedOp implements Op {
    /** The complement of the error function, {@code 1 − erf(x)}, accurate also where it is small. */
    ERFC("Erfc");

    private final String opName;

    ComposedOp(String opName) {
        this.opName = opName;
    }

    @Override
    public List<TensorType> infer(List<Value> inputs, Attributes attributes) {
        return ElementwiseInference.floating(inputs, attributes);
    }

    @Override
    public boolean isElementwise() {
        return true;
    }

    @Override
    public String opName() {
        return opName;
    }

    @Override
    public String domain() {
        return Opset.OWN_DOMAIN;
    }

    @Override
    public List<AttributeSpec> attributes() {
        return List.of();
    }

    @Override
    public int minInputs() {
        return 1;
    }

    @Override
    public int maxInputs() {
        return 1;
    }
}
