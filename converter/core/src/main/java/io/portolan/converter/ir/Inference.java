package io.portolan.converter.ir;

import java.util.List;

/** How an operator's output types follow from its inputs and attributes. */
@FunctionalInterface
interface Inference {
    /** See {@link Op#infer}. */
    List<TensorType> infer(List<Value> inputs, Attributes attributes);

    /** Fails with a message unless a condition on the inputs holds. */
    static void require(boolean condition, String expectation, Object actual) {
        if (!condition) {
            throw new IllegalArgumentException("expected " + expectation + ", got " + actual);
        }
    }

    /** Fails unless all inputs have one element type, which it returns. */
    static OnnxType sameElement(List<Value> inputs) {
        OnnxType element = inputs.get(0).element();
        require(
                inputs.stream().allMatch(input -> input.element() == element),
                "inputs of one element type",
                inputs.stream().map(Value::type).toList());
        return element;
    }

    /** The integers of an input that must be a constant. */
    static List<Long> constant(List<Value> inputs, int index) {
        TensorData data = inputs.get(index)
                .data()
                .orElseThrow(() ->
                        new IllegalArgumentException("expected a constant as input " + index + ", got " + inputs));
        return data.longList();
    }
}
