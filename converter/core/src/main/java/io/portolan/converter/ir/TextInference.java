package io.portolan.converter.ir;

import static io.portolan.converter.ir.Inference.require;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Type inference of operators on texts. */
final class TextInference {
    /** The attribute that holds the results of a table, and what they are. */
    private static final Map<String, OnnxType> ENCODED =
            Map.of("values_int64s", OnnxType.INT64, "values_floats", OnnxType.FLOAT, "values_strings", OnnxType.STRING);

    private TextInference() {}

    /** A number or a text for each element, from a table in the attributes. */
    static List<TensorType> encoded(List<Value> inputs, Attributes attributes) {
        OnnxType element = ENCODED.entrySet().stream()
                .filter(values -> attributes.byName().containsKey(values.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected one of the attributes " + ENCODED.keySet()));
        return List.of(inputs.get(0).type().withElement(element));
    }

    /** A vector of texts; none is left out. */
    static List<TensorType> normalized(List<Value> inputs, Attributes attributes) {
        require(isText(inputs.get(0)) && inputs.get(0).rank() == 1, "a vector of texts", inputs.get(0));
        return List.of(inputs.get(0).type());
    }

    /** Texts that broadcast. */
    static List<TensorType> concatenated(List<Value> inputs, Attributes attributes) {
        require(inputs.stream().allMatch(TextInference::isText), "texts", inputs);
        return List.of(new TensorType(
                OnnxType.STRING,
                inputs.get(0).shape().broadcastWith(inputs.get(1).shape())));
    }

    /** The pieces of each text along a new last axis, as many as the longest list of them, and their numbers. */
    static List<TensorType> split(List<Value> inputs, Attributes attributes) {
        require(isText(inputs.get(0)), "texts", inputs.get(0));
        TensorType counts = inputs.get(0).type().withElement(OnnxType.INT64);
        List<Dim> dims = new ArrayList<>(counts.shape().dims());
        dims.add(Dim.UNKNOWN);
        return List.of(inputs.get(0).type().withShape(new TensorShape(dims)), counts);
    }

    /** A truth value for each text. */
    static List<TensorType> matched(List<Value> inputs, Attributes attributes) {
        require(isText(inputs.get(0)), "texts", inputs.get(0));
        return List.of(inputs.get(0).type().withElement(OnnxType.BOOL));
    }

    private static boolean isText(Value value) {
        return value.element() == OnnxType.STRING;
    }
}
