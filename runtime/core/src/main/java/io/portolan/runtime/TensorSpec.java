package io.portolan.runtime;

import io.portolan.images.Shapes;
import java.util.Objects;

/**
 * The type and shape of a model's input or output.
 *
 * @param type the type of the elements
 * @param shape the dimensions; -1 for one that the model leaves open
 * @param hasRank false if the model leaves the number of dimensions open; the shape is then empty
 */
public record TensorSpec(ElementType type, long[] shape, boolean hasRank) {
    public TensorSpec {
        Objects.requireNonNull(type, "type");
        shape = shape.clone();
    }

    /** Creates the specification of a tensor with a rank. */
    public TensorSpec(ElementType type, long... shape) {
        this(type, shape, true);
    }

    /** A copy of the dimensions. */
    @Override
    public long[] shape() {
        return shape.clone();
    }

    /** Whether a tensor of a concrete shape matches. */
    public boolean fits(long... concrete) {
        return !hasRank || Shapes.fits(concrete, shape);
    }

    /** Type and shape, such as {@code FLOAT (?, 224, 224, 3)}. */
    @Override
    public String toString() {
        return type + " " + (hasRank ? Shapes.text(shape) : "of any shape");
    }
}
