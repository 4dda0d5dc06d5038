package io.portolan.checkpoints.zarr;

import io.portolan.checkpoints.numpy.ArrayLayout;
import io.portolan.checkpoints.numpy.DType;
import io.portolan.checkpoints.stores.StoredValue;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Elements one after the other.
 *
 * @param dtype type and byte order of the elements
 * @param order the axes of the array in the order in which they are stored, the slowest first
 */
record PlainCodec(DType dtype, int[] order) implements ArrayCodec {

    /** The axes in their own order. */
    static int[] rowMajor(int rank) {
        int[] order = new int[rank];
        Arrays.setAll(order, axis -> axis);
        return order;
    }

    /** The axes in reverse order. */
    static int[] columnMajor(int rank) {
        int[] order = new int[rank];
        Arrays.setAll(order, axis -> rank - 1 - axis);
        return order;
    }

    @Override
    public ByteBuffer decode(StoredValue stored, long[] shape, long[] used) throws IOException {
        int expected = (int) ArrayData.byteCount(dtype.type(), shape);
        if (stored.size() != expected) {
            throw new CheckpointException(stored.name() + ": " + stored.size() + " bytes: expected " + expected
                    + ", a whole chunk of shape " + Arrays.toString(shape) + " of "
                    + dtype.type().label());
        }
        long[] storedShape = Arrays.stream(order).mapToLong(axis -> shape[axis]).toArray();
        int[] axes = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            axes[order[i]] = i;
        }
        return ArrayLayout.permuted(storedShape, axes)
                .read(dtype, ByteRegion.of(stored.read(0, expected)))
                .bytes();
    }

    @Override
    public OptionalInt storedBytes(long[] shape) {
        return OptionalInt.of((int) ArrayData.byteCount(dtype.type(), shape));
    }
}
