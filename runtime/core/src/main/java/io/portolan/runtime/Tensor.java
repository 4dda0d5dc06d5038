package io.portolan.runtime;

import io.portolan.images.Shapes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A tensor of any element type, outside the Java heap, where ONNX Runtime reads it in place. It does not need closing.
 * Threads may share it once it is filled.
 *
 * <p>Elements are row-major and little-endian, as on every platform that ONNX Runtime has a build for. A string is
 * stored as its length in bytes, a four-byte integer, followed by its UTF-8 bytes.
 *
 * @param type the type of the elements
 * @param shape the dimensions, none of them negative; empty for a scalar
 * @param data the elements, from position 0 to the limit; not copied, and must not be modified afterwards
 */
public record Tensor(ElementType type, long[] shape, ByteBuffer data) {
    /** @throws IllegalArgumentException if the buffer is not direct or its size does not match */
    public Tensor {
        shape = shape.clone();
        data = data.duplicate().rewind().order(ByteOrder.LITTLE_ENDIAN);
        long bytes = bytes(type, shape);
        if (!data.isDirect() || (type == ElementType.STRING ? data.limit() < bytes : data.limit() != bytes)) {
            throw new IllegalArgumentException(
                    type + " " + Shapes.text(shape) + " takes a direct buffer of " + bytes + " bytes, not " + data);
        }
    }

    /**
     * Creates a tensor of zeros.
     *
     * @throws IllegalArgumentException if a dimension is negative or the tensor exceeds 2 GB
     */
    public static Tensor allocate(ElementType type, long... shape) {
        return new Tensor(type, shape, ByteBuffer.allocateDirect(bytes(type, shape)));
    }

    /**
     * Creates a tensor from a copy of float32 values.
     *
     * @param values row-major
     * @throws IllegalArgumentException if the shape does not account for every value, or the tensor exceeds 2 GB
     */
    public static Tensor of(float[] values, long... shape) {
        if (Shapes.elements(shape) != values.length) {
            throw new IllegalArgumentException("shape " + Shapes.text(shape) + " takes " + Shapes.elements(shape)
                    + " values, not " + values.length);
        }
        Tensor tensor = allocate(ElementType.FLOAT, shape);
        tensor.writable().asFloatBuffer().put(values);
        return tensor;
    }

    /**
     * The size of a tensor in bytes; for strings, the size if all are empty.
     *
     * @throws IllegalArgumentException if a dimension is negative or the tensor exceeds 2 GB
     */
    public static int bytes(ElementType type, long... shape) {
        long bytes = (long) Shapes.elements(shape) * leastWidth(type);
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    type + " " + Shapes.text(shape) + " exceeds 2 GB, the most that a Java buffer holds");
        }
        return (int) bytes;
    }

    /** The size of an element in bytes; for a string, the size if it is empty. */
    static int leastWidth(ElementType type) {
        return type == ElementType.STRING ? Integer.BYTES : type.bytes();
    }

    /** A copy of the dimensions. */
    @Override
    public long[] shape() {
        return shape.clone();
    }

    /** A read-only, little-endian view with its own position. */
    @Override
    public ByteBuffer data() {
        return data.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * A copy of the float32 elements, row-major.
     *
     * @throws IllegalStateException if the elements have another type; use {@link #data()} for those
     */
    public float[] floats() {
        if (type != ElementType.FLOAT) {
            throw new IllegalStateException(this + " does not hold float32 values; read its data in its own type");
        }
        float[] values = new float[size()];
        data().asFloatBuffer().get(values);
        return values;
    }

    /** A writable view of the same memory, for filling the tensor before it is read. */
    public ByteBuffer writable() {
        return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Number of elements. */
    public int size() {
        return Shapes.elements(shape);
    }

    /** Whether type, shape and bytes are equal. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Tensor that
                && type == that.type
                && Arrays.equals(shape, that.shape)
                && data.equals(that.data);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * type.hashCode() + Arrays.hashCode(shape)) + data.hashCode();
    }

    /** Type and shape, such as {@code INT64 (1, 2)}. */
    @Override
    public String toString() {
        return type + " " + Shapes.text(shape);
    }
}
