package io.portolan.checkpoints.values;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleConsumer;

/**
 * An immutable n-dimensional array: element type, shape and the elements as little-endian bytes in row-major order.
 * A scalar has rank 0 and one element.
 */
public final class ArrayData {
    /** Elements are read in parts of about so many bytes. */
    private static final int CHUNK = 1 << 16;

    private final ElementType type;
    private final long[] shape;
    private final Source source;

    /** Where the elements come from. */
    public interface Source {
        /**
         * The elements, little-endian and row-major.
         *
         * @throws CheckpointException if they are damaged
         */
        ByteRegion read() throws IOException;
    }

    private ArrayData(ElementType type, long[] shape, Source source) {
        this.type = type;
        this.shape = shape;
        this.source = source;
    }

    /**
     * Creates an array over the remaining bytes of a buffer, which is not copied and must not change afterwards.
     *
     * @throws IllegalArgumentException if a dimension is negative or the shape does not account for every byte
     */
    public static ArrayData of(ElementType type, long[] shape, ByteBuffer littleEndian) {
        return of(type, shape, ByteRegion.of(littleEndian));
    }

    /**
     * Creates an array over bytes of any length, which are not copied.
     *
     * @throws IllegalArgumentException if a dimension is negative or the shape does not account for every byte
     */
    public static ArrayData of(ElementType type, long[] shape, ByteRegion littleEndian) {
        requireFit(type, shape, littleEndian.size());
        return new ArrayData(type, shape.clone(), () -> littleEndian);
    }

    /**
     * Creates an array whose elements are read when they are first asked for, and again after nothing held them any more
     * and the collector ran. The methods that return elements then throw {@link UncheckedIOException} if they cannot be read.
     *
     * @throws IllegalArgumentException if the shape is impossible
     */
    public static ArrayData deferred(ElementType type, long[] shape, Source source) {
        byteCount(type, shape);
        return new ArrayData(type, shape.clone(), new Source() {
            // Not soft: that would fill the heap with arrays that are done with, and fresh memory is slow.
            private WeakReference<ByteRegion> latest = new WeakReference<>(null);

            @Override
            public synchronized ByteRegion read() throws IOException {
                ByteRegion elements = latest.get();
                if (elements == null) {
                    elements = source.read();
                    requireFit(type, shape, elements.size());
                    latest = new WeakReference<>(elements);
                }
                return elements;
            }
        });
    }

    private static void requireFit(ElementType type, long[] shape, long bytes) {
        long expected = byteCount(type, shape);
        if (expected != bytes) {
            throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " of " + type.label() + " takes "
                    + expected + " bytes, not " + bytes);
        }
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
        return byteCount() / type.bytes();
    }

    /** Size of the elements in bytes. */
    public long byteCount() {
        return byteCount(type, shape);
    }

    /** The elements, little-endian and row-major, however many they are. */
    public ByteRegion region() {
        try {
            return source.read();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * A new read-only view of the elements, little-endian and row-major, for arrays below 2 GiB. (It is a copy for an array
     * of more than 1 GiB in a file above 2 GiB.)
     *
     * @throws IllegalStateException if the array has 2 GiB or more; its {@link #region()} has no limit
     */
    public ByteBuffer bytes() {
        ByteRegion region = region();
        if (!region.fitsBuffer()) {
            throw new IllegalStateException("the array " + this + " has " + region.size()
                    + " bytes: expected fewer than 2 GiB where it must be in one piece");
        }
        return region.buffer();
    }

    /** Writes the elements, little-endian and row-major. */
    public void writeTo(OutputStream out) throws IOException {
        source.read().writeTo(out);
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
        int filled = 0;
        for (long start = 0; start < byteCount(); start += CHUNK) {
            FloatBuffer chunk = part(start).asFloatBuffer();
            int count = chunk.remaining();
            chunk.get(values, filled, count);
            filled += count;
        }
        return values;
    }

    /**
     * One element as a number, row-major: exactly, but for integers of more than 53 bits, which are rounded.
     *
     * @throws IllegalStateException if the elements are complex
     */
    public double doubleAt(long index) {
        return type.doubleAt(element(index), 0);
    }

    /**
     * One element, an integer or truth value, row-major and exactly; one of uint64 in two's complement.
     *
     * @throws IllegalStateException if the elements are no integers
     */
    public long longAt(long index) {
        return type.longAt(element(index), 0);
    }

    private ByteBuffer element(long index) {
        Objects.checkIndex(index, size());
        return region().slice(index * type.bytes(), type.bytes()).buffer();
    }

    /**
     * Passes every element on as a number, row-major, as {@link #doubleAt} reads it; for complex elements real and imaginary
     * part in turn.
     */
    public void forEachNumber(DoubleConsumer consumer) {
        ElementType part = type.part();
        for (long start = 0; start < byteCount(); start += CHUNK) {
            ByteBuffer chunk = part(start);
            for (int at = 0; at < chunk.limit(); at += part.bytes()) {
                consumer.accept(part.doubleAt(chunk, at));
            }
        }
    }

    /** At most {@value #CHUNK} bytes from an offset on, with whole elements. */
    private ByteBuffer part(long start) {
        ByteRegion region = region();
        return region.slice(start, Math.min(CHUNK, region.size() - start)).buffer();
    }

    /** Whether type, shape and bits are equal; two NaNs with the same bits are equal. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ArrayData that
                && type == that.type
                && Arrays.equals(shape, that.shape)
                && region().equals(that.region());
    }

    @Override
    public int hashCode() {
        return 31 * (31 * type.hashCode() + Arrays.hashCode(shape)) + region().hashCode();
    }

    /** Type and shape, such as {@code float32 (3, 3, 32)}. */
    @Override
    public String toString() {
        String dimensions = Arrays.toString(shape);
        return type.label() + " (" + dimensions.substring(1, dimensions.length() - 1) + ")";
    }
}
