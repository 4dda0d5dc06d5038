package io.portolan.checkpoints.values;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * An immutable n-dimensional array: element type, shape and the elements as little-endian bytes in row-major order.
 * A scalar has rank 0 and one element.
 */
public final class ArrayData {
    private static final int CHUNK = 1 << 16;

    private final ElementType type;
    private final long[] shape;
    private final ByteBuffer bytes;

    private ArrayData(ElementType type, long[] shape, ByteBuffer bytes) {
        this.type = type;
        this.shape = shape;
        this.bytes = bytes;
    }

    /**
     * Creates an array over the remaining bytes of a buffer, which is not copied and must not change afterwards.
     *
     * @throws IllegalArgumentException if a dimension is negative or the shape does not account for every byte
     */
    public static ArrayData of(ElementType type, long[] shape, ByteBuffer littleEndian) {
        long expected = byteCount(type, shape);
        if (expected != littleEndian.remaining()) {
            throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " of " + type.label() + " takes "
                    + expected + " bytes, not " + littleEndian.remaining());
        }
        return new ArrayData(
                type, shape.clone(), littleEndian.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN));
    }

    /** Creates a float32 array from a copy of row-major values. */
    public static ArrayData ofFloats(long[] shape, float... values) {
        ByteBuffer buffer = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        return of(ElementType.FLOAT32, shape, buffer);
    }

    /**
     * The size in bytes of an array of a type and shape.
     *
     * @throws IllegalArgumentException if a dimension is negative or the product exceeds 63 bits
     */
    public static long byteCount(ElementType type, long[] shape) {
        long count = type.bytes();
        try {
            for (long dimension : shape) {
                if (dimension < 0) {
                    throw new IllegalArgumentException("negative dimension in shape " + Arrays.toString(shape));
                }
                count = Math.multiplyExact(count, dimension);
            }
        } catch (ArithmeticException overflow) {
            throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " is too large", overflow);
        }
        return count;
    }

    /** Like {@link #byteCount}, but empty for a shape that is impossible. */
    public static Optional<Long> countBytes(ElementType type, long[] shape) {
        try {
            return Optional.of(byteCount(type, shape));
        } catch (IllegalArgumentException impossible) {
            return Optional.empty();
        }
    }

    public ElementType type() {
        return type;
    }

    public long[] shape() {
        return shape.clone();
    }

    public int rank() {
        return shape.length;
    }

    /** Number of elements. */
    public long size() {
        return bytes.capacity() / type.bytes();
    }

    /** A new read-only view of the elements, little-endian and row-major. */
    public ByteBuffer bytes() {
        return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Writes the elements, little-endian and row-major. */
    public void writeTo(OutputStream out) throws IOException {
        ByteBuffer elements = bytes();
        byte[] chunk = new byte[Math.min(elements.remaining(), CHUNK)];
        while (elements.hasRemaining()) {
            int count = Math.min(chunk.length, elements.remaining());
            elements.get(chunk, 0, count);
            out.write(chunk, 0, count);
        }
    }

    /**
     * The elements of a float32 array, row-major, as a copy.
     *
     * @throws IllegalStateException if the array has another type
     */
    public float[] toFloats() {
        if (type != ElementType.FLOAT32) {
            throw new IllegalStateException("the array is " + type.label() + ", not float32");
        }
        float[] values = new float[Math.toIntExact(size())];
        bytes().asFloatBuffer().get(values);
        return values;
    }

    /** Whether type, shape and bits are equal; two NaNs with the same bits are equal. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ArrayData that
                && type == that.type
                && Arrays.equals(shape, that.shape)
                && bytes().equals(that.bytes());
    }

    @Override
    public int hashCode() {
        return 31 * (31 * type.hashCode() + Arrays.hashCode(shape)) + bytes().hashCode();
    }

    /** Type and shape, such as {@code float32 (3, 3, 32)}. */
    @Override
    public String toString() {
        String dimensions = Arrays.toString(shape);
        return type.label() + " (" + dimensions.substring(1, dimensions.length() - 1) + ")";
    }
}
