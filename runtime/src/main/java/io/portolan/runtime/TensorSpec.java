package io.portolan.runtime;

import java.util.Objects;

/**
 * What a model takes or gives under a name.
 *
 * @param type of the elements
 * @param shape the dimensions; -1 stands for one that the model leaves open
 */
public record TensorSpec(ElementType type, long[] shape) {
    public TensorSpec {
        Objects.requireNonNull(type, "type");
        shape = shape.clone();
    }

    /** A copy of the dimensions. */
    @Override
    public long[] shape() {
        return shape.clone();
    }

    /** Whether a tensor of this shape may go here. */
    public boolean fits(long... concrete) {
        return Shapes.fits(concrete, shape);
    }

    /** Type and shape, such as {@code FLOAT (?, 224, 224, 3)}. */
    @Override
    public String toString() {
        return type + " " + Shapes.text(shape);
    }
}
