package io.portolan.checkpoints.numpy;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The memory layout in which numpy stored an array. The payload is a row-major array of the stored shape; axis i of the
 * array is axis {@code axes[i]} of the payload.
 */
public final class ArrayLayout {
    /** The largest number of axes of a numpy array. */
    public static final int MAX_RANK = 64;

    private final long[] storedShape;
    private final int[] axes;

    private ArrayLayout(long[] storedShape, int[] axes) {
        this.storedShape = storedShape;
        this.axes = axes;
    }

    /** Row-major order: the last axis varies fastest. */
    public static ArrayLayout rowMajor(long[] shape) {
        return permuted(shape, axes(shape.length, false));
    }

    /** Fortran order: the first axis of the array varies fastest. */
    public static ArrayLayout columnMajor(long[] shape) {
        long[] reversed = new long[shape.length];
        for (int i = 0; i < shape.length; i++) {
            reversed[i] = shape[shape.length - 1 - i];
        }
        return permuted(reversed, axes(shape.length, true));
    }

    /**
     * A row-major payload whose axes are reordered like {@code payload.reshape(storedShape).transpose(axes)}.
     *
     * @throws IllegalArgumentException if there are more than {@value #MAX_RANK} axes or {@code axes} is not a
     *     permutation
     */
    public static ArrayLayout permuted(long[] storedShape, int[] axes) {
        if (storedShape.length > MAX_RANK) {
            throw new IllegalArgumentException("an array of " + storedShape.length + " axes");
        }
        if (!Arrays.equals(Arrays.stream(axes).sorted().toArray(), axes(storedShape.length, false))) {
            throw new IllegalArgumentException(
                    "axis order " + Arrays.toString(axes) + " for " + storedShape.length + " axes");
        }
        return new ArrayLayout(storedShape.clone(), axes.clone());
    }

    /** The number of bytes that {@link #read} copies: zero if the payload can be used in place. */
    public long copiedBytes(DType dtype, ByteBuffer payload) {
        return movesElements() || swapsBytes(dtype) ? payload.remaining() : 0;
    }

    /**
     * Reads the array. The payload is not copied if it is already row-major and little-endian, so it must not change
     * afterwards.
     *
     * @throws IllegalArgumentException if the shape is impossible or does not account for every byte of the payload
     */
    public ArrayData read(DType dtype, ByteBuffer payload) {
        ElementType type = dtype.type();
        ArrayData stored = ArrayData.of(type, storedShape, payload);
        if (!movesElements() && !swapsBytes(dtype)) {
            return stored;
        }
        byte[] elements = movesElements() ? gather(stored) : bytes(stored.bytes());
        if (swapsBytes(dtype)) {
            reverseWords(elements, type.wordBytes());
        }
        return ArrayData.of(type, shape(), ByteBuffer.wrap(elements));
    }

    private static int[] axes(int rank, boolean reversed) {
        int[] axes = new int[rank];
        Arrays.setAll(axes, i -> reversed ? rank - 1 - i : i);
        return axes;
    }

    private boolean movesElements() {
        return !Arrays.equals(axes, axes(axes.length, false));
    }

    private static boolean swapsBytes(DType dtype) {
        return dtype.order() == ByteOrder.BIG_ENDIAN && dtype.type().wordBytes() > 1;
    }

    private long[] shape() {
        return Arrays.stream(axes).mapToLong(axis -> storedShape[axis]).toArray();
    }

    private byte[] gather(ArrayData stored) {
        ByteBuffer from = stored.bytes();
        byte[] elements = new byte[from.capacity()];
        int width = stored.type().bytes();
        long[] shape = shape();
        int[] strides = strides(width, elements.length);
        long[] index = new long[shape.length];
        int source = 0;
        for (int target = 0; target < elements.length; target += width) {
            from.get(source, elements, target, width);
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                source += strides[axis];
                if (++index[axis] < shape[axis]) {
                    break;
                }
                source -= (int) (strides[axis] * shape[axis]);
                index[axis] = 0;
            }
        }
        return elements;
    }

    /**
     * Bytes between adjacent elements in the payload along each axis of the array; unused for an array without
     * elements.
     */
    private int[] strides(int width, int total) {
        int[] stored = new int[storedShape.length];
        int stride = width;
        for (int axis = storedShape.length - 1; axis >= 0 && total > 0; axis--) {
            stored[axis] = stride;
            stride *= (int) storedShape[axis];
        }
        return Arrays.stream(axes).map(axis -> stored[axis]).toArray();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(copy);
        return copy;
    }

    private static void reverseWords(byte[] bytes, int width) {
        for (int start = 0; start < bytes.length; start += width) {
            for (int low = start, high = start + width - 1; low < high; low++, high--) {
                byte swapped = bytes[low];
                bytes[low] = bytes[high];
                bytes[high] = swapped;
            }
        }
    }
}
