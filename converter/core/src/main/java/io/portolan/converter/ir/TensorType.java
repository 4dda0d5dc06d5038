package io.portolan.converter.ir;

/**
 * What is known of a value before the graph runs.
 *
 * @param element the type of its elements
 * @param shape its shape
 */
public record TensorType(OnnxType element, TensorShape shape) {
    /** The same elements in another shape. */
    public TensorType withShape(TensorShape other) {
        return new TensorType(element, other);
    }

    /** Other elements in the same shape. */
    public TensorType withElement(OnnxType other) {
        return new TensorType(other, shape);
    }

    /** {@code FLOAT(batch, 10)}. */
    @Override
    public String toString() {
        return element + shape.toString();
    }
}
