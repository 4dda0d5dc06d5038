package io.portolan.converter.ir;

import java.util.List;

/**
 * Random numbers. These are not ONNX operators: numbers differ in every runtime, so a pass removes those that have no influence on a result,
 * and refuses the others.
 */
public enum RandomOp implements Op {
    /** Numbers from 0 up to 1, which is excluded: a scalar gives their element type, a vector of INT64 their shape. */
    UNIFORM("RandomUniform");

    private final String opName;

    RandomOp(String opName) {
        this.opName = opName;
    }

    @Override
    public List<TensorType> infer(List<Value> inputs, Attributes attributes) {
        return ArrayInference.expand(inputs, attributes);
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
        return 2;
    }

    @Override
    public int maxInputs() {
        return 2;
    }
}
