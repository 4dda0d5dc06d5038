package io.portolan.converter.ir;

/**
 * The type of a value: element type and shape, as far as they are known at conversion time.
 *
 * @param element the type of its elements
 * @param shape its shape
 */
public record TensorType(OnnxType element, TensorShape shape) {
    /** A copy with another shape. */
    public TensorType withShape(TensorShape other) {
        return new TensorType(element, other);
    }

    /** A copy with another element type. */
    public TensorType withElement(OnnxType other) {
        return new TensorType(other, shape);
    }

    /** {@code FLOAT(batch, 10)}. */
    @Override
    public String toString() {
        return element + shape.toString();
    }
}
