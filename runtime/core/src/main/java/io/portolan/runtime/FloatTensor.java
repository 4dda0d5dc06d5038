package io.portolan.runtime;

import io.portolan.images.Shapes;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * An immutable float32 tensor in Java memory; it holds nothing native, needs no closing, and threads may share it.
 *
 * @param shape the dimensions, none of them negative; empty for a scalar
 * @param values the elements, row-major
 */
public record FloatTensor(long[] shape, float[] values) {
    /**
     * Copies both arrays.
     *
     * @throws IllegalArgumentException if the shape does not account for every value
     */
    public FloatTensor {
        if (Shapes.elements(shape) != values.length) {
            throw new IllegalArgumentException("shape " + Shapes.text(shape) + " takes " + Shapes.elements(shape)
                    + " values, not " + values.length);
        }
        shape = shape.clone();
        values = values.clone();
    }

    /** A copy of the dimensions. */
    @Override
    public long[] shape() {
        return shape.clone();
    }

    /** A copy of the elements. */
    @Override
    public float[] values() {
        return values.clone();
    }

    /** Number of elements. */
    public int size() {
        return values.length;
    }

    /** The elements as a read-only view without a copy. */
    public FloatBuffer asBuffer() {
        return FloatBuffer.wrap(values).asReadOnlyBuffer();
    }

    /** Equal shape and bits; NaN equals NaN. */
    @Override
    public boolean equals(Object other) {
        return other instanceof FloatTensor that
                && Arrays.equals(shape, that.shape)
                && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + Arrays.hashCode(values);
    }

    /** Type and shape, such as {@code float32 (1, 2)}. */
    @Override
    public String toString() {
        return "float32 " + Shapes.text(shape);
    }
}
