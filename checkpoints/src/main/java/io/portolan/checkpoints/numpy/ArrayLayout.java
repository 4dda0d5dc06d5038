package io.portolan.checkpoints.numpy;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The memory layout in which numpy stored an array. The payload is a row-major array of the stored shape; axis i of the
 * array is axis {@code axes[i]} of the payload.
 */
public final class ArrayLayout {
    /** The largest number of axes of a numpy array. */
    public static final int MAX_RANK = 64;

    /** The size of a part of an array that does not fit one Java array. */
    private static final int LONGEST_PART = 1 << 30;

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
    public long copiedBytes(DType dtype, ByteRegion payload) {
        return movesElements() || swapsBytes(dtype) ? payload.size() : 0;
    }

    /**
     * Reads the array. The payload is not copied if it is already row-major and little-endian, so it must not change
     * afterwards.
     *
     * @throws IllegalArgumentException if the shape is impossible or does not account for every byte of the payload
     */
    public ArrayData read(DType dtype, ByteRegion payload) {
        ElementType type = dtype.type();
        ArrayData stored = ArrayData.of(type, storedShape, payload);
        if (!movesElements() && !swapsBytes(dtype)) {
            return stored;
        }
        List<byte[]> elements = parts(payload.size());
        if (movesElements()) {
            gather(payload, type.bytes(), elements);
        } else {
            copy(payload, elements);
        }
        if (swapsBytes(dtype)) {
            elements.forEach(part -> reverseWords(part, type.wordBytes()));
        }
        return ArrayData.of(
                type,
                shape(),
                ByteRegion.joined(elements.stream().map(ByteBuffer::wrap).toList()));
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

    /** Memory for so many bytes, in as few parts of whole elements as possible. */
    private static List<byte[]> parts(long total) {
        List<byte[]> parts = new ArrayList<>();
        long longest = total <= ByteRegion.LONGEST_BUFFER ? total : LONGEST_PART;
        for (long start = 0; start < total; start += longest) {
            parts.add(new byte[(int) Math.min(longest, total - start)]);
        }
        return parts;
    }

    private static void copy(ByteRegion from, List<byte[]> parts) {
        long start = 0;
        for (byte[] part : parts) {
            from.get(start, part, 0, part.length);
            start += part.length;
        }
    }

    /** Fills the parts with the elements in row-major order of the array. */
    private void gather(ByteRegion from, int width, List<byte[]> parts) {
        long[] shape = shape();
        long[] strides = strides(width, from.size());
        long[] index = new long[shape.length];
        long source = 0;
        for (byte[] part : parts) {
            for (int target = 0; target < part.length; target += width) {
                from.get(source, part, target, width);
                for (int axis = shape.length - 1; axis >= 0; axis--) {
                    source += strides[axis];
                    if (++index[axis] < shape[axis]) {
                        break;
                    }
                    source -= strides[axis] * shape[axis];
                    index[axis] = 0;
                }
            }
        }
    }

    /**
     * Bytes between adjacent elements in the payload along each axis of the array; unused for an array without
     * elements.
     */
    private long[] strides(int width, long total) {
        long[] stored = new long[storedShape.length];
        long stride = width;
        for (int axis = storedShape.length - 1; axis >= 0 && total > 0; axis--) {
            stored[axis] = stride;
            stride *= storedShape[axis];
        }
        return Arrays.stream(axes).mapToLong(axis -> stored[axis]).toArray();
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
