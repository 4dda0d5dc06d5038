package io.portolan.converter.ir;

import static io.portolan.converter.ir.Inference.require;
import static io.portolan.converter.ir.Inference.sameElement;

import java.util.List;

/** Type inference of elementwise operators. */
final class ElementwiseInference {
    private ElementwiseInference() {}

    /** The output has the type of the first input, which may be any. */
    static List<TensorType> first(List<Value> inputs, Attributes attributes) {
        return List.of(inputs.get(0).type());
    }

    /** One floating-point input; the output is a boolean for each element. */
    static List<TensorType> classification(List<Value> inputs, Attributes attributes) {
        return List.of(floating(inputs, attributes).get(0).withElement(OnnxType.BOOL));
    }

    /** Integers of one type that broadcast. */
    static List<TensorType> bitwise(List<Value> inputs, Attributes attributes) {
        require(inputs.get(0).element().isInteger(), "integers", inputs);
        return arithmetic(inputs, attributes);
    }

    /** Unsigned integers of one type that broadcast. */
    static List<TensorType> shift(List<Value> inputs, Attributes attributes) {
        require(inputs.get(0).element().isUnsigned(), "unsigned integers", inputs);
        return arithmetic(inputs, attributes);
    }

    /** One floating-point input, possibly with parameters; the output has its type. */
    static List<TensorType> floating(List<Value> inputs, Attributes attributes) {
        require(inputs.get(0).element().isFloating(), "a floating input", inputs.get(0));
        return List.of(inputs.get(0).type());
    }

    /** One numeric input; the output has its type. */
    static List<TensorType> numeric(List<Value> inputs, Attributes attributes) {
        require(inputs.get(0).element().isNumeric(), "a numeric input", inputs.get(0));
        return List.of(inputs.get(0).type());
    }

    /** Numeric inputs of one type that broadcast. */
    static List<TensorType> arithmetic(List<Value> inputs, Attributes attributes) {
        OnnxType element = sameElement(inputs);
        require(element.isNumeric(), "numeric inputs", element);
        return List.of(new TensorType(element, broadcast(inputs)));
    }

    /** Inputs of one type that broadcast; the output is boolean. */
    static List<TensorType> comparison(List<Value> inputs, Attributes attributes) {
        sameElement(inputs);
        return List.of(new TensorType(OnnxType.BOOL, broadcast(inputs)));
    }

    /** Booleans that broadcast. */
    static List<TensorType> logical(List<Value> inputs, Attributes attributes) {
        require(sameElement(inputs) == OnnxType.BOOL, "truth values", inputs);
        return List.of(new TensorType(OnnxType.BOOL, broadcast(inputs)));
    }

    /** Integers and a floating-point scale for each index along {@code axis}; the output has the scale's element type. */
    static List<TensorType> dequantize(List<Value> inputs, Attributes attributes) {
        require(inputs.get(1).element().isFloating(), "a floating scale", inputs.get(1));
        return List.of(inputs.get(0).type().withElement(inputs.get(1).element()));
    }

    /** A condition and two alternatives that broadcast. */
    static List<TensorType> where(List<Value> inputs, Attributes attributes) {
        require(inputs.get(0).element() == OnnxType.BOOL, "a truth value as condition", inputs.get(0));
        return List.of(new TensorType(sameElement(inputs.subList(1, 3)), broadcast(inputs)));
    }

    /** A value, a lower and an upper scalar bound. */
    static List<TensorType> clip(List<Value> inputs, Attributes attributes) {
        sameElement(inputs);
        require(inputs.get(1).rank() == 0 && inputs.get(2).rank() == 0, "scalar bounds", inputs);
        return List.of(inputs.get(0).type());
    }

    /** The element type becomes that of attribute {@code to}. */
    static List<TensorType> cast(List<Value> inputs, Attributes attributes) {
        long number = attributes.integer("to");
        for (OnnxType element : OnnxType.values()) {
            if (element.number() == number) {
                return List.of(inputs.get(0).type().withElement(element));
            }
        }
        throw new IllegalArgumentException("no element type has the number " + number);
    }

    private static TensorShape broadcast(List<Value> inputs) {
        return inputs.stream()
                .map(Value::shape)
                .reduce(TensorShape::broadcastWith)
                .orElseThrow();
    }
}
