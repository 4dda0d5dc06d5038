package io.portolan.converter.ir;

import java.util.List;

/** The type inference of an operator, from its inputs and attributes. */
@FunctionalInterface
interface Inference {
    /** See {@link Op#infer}. */
    List<TensorType> infer(List<Value> inputs, Attributes attributes);

    /** Throws unless a condition on the inputs holds. */
    static void require(boolean condition, String expectation, Object actual) {
        if (!condition) {
            throw new IllegalArgumentException("expected " + expectation + ", got " + actual);
        }
    }

    /** The common element type of all inputs; throws if they have several. */
    static OnnxType sameElement(List<Value> inputs) {
        OnnxType element = inputs.get(0).element();
        require(
                inputs.stream().allMatch(input -> input.element() == element),
                "inputs of one element type",
                inputs.stream().map(Value::type).toList());
        return element;
    }

    /** The integers of an input; throws if it is not a constant. */
    static List<Long> constant(List<Value> inputs, int index) {
        TensorData data = inputs.get(index)
                .data()
                .orElseThrow(() ->
                        new IllegalArgumentException("expected a constant as input " + index + ", got " + inputs));
        return data.longList();
    }
}
