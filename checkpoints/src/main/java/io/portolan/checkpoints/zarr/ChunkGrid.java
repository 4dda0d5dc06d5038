package io.portolan.checkpoints.zarr;

import io.portolan.checkpoints.values.CheckpointException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * A regular grid of chunks that covers an array; the last chunks of an axis may reach beyond it. It iterates over the
 * numbers of the chunks along each axis, the last axis fastest.
 *
 * @param shape the shape of the array
 * @param chunkShape the shape of a chunk
 * @param counts the number of chunks along each axis
 */
record ChunkGrid(long[] shape, long[] chunkShape, long[] counts) implements Iterable<long[]> {
    /** The largest number of chunks; Orbax makes one for each device that holds a part of the array. */
    static final int MOST_CHUNKS = 1 << 20;

    /**
     * A grid.
     *
     * @param name the array's name in errors
     * @throws CheckpointException if the number of axes differs, a chunk is empty, or there are too many chunks
     */
    static ChunkGrid of(String name, long[] shape, long[] chunkShape) throws CheckpointException {
        if (shape.length != chunkShape.length || Arrays.stream(chunkShape).anyMatch(size -> size < 1)) {
            throw new CheckpointException(name + ": chunks of shape " + Arrays.toString(chunkShape)
                    + " for an array of shape " + Arrays.toString(shape)
                    + ": expected as many axes, and one element along each at least");
        }
        long[] counts = new long[shape.length];
        Arrays.setAll(counts, axis -> shape[axis] / chunkShape[axis] + (shape[axis] % chunkShape[axis] == 0 ? 0 : 1));
        long product = Arrays.stream(counts).anyMatch(count -> count == 0) ? 0 : 1;
        for (long count : counts) {
            if (product * (double) count > MOST_CHUNKS) {
                throw new CheckpointException(name + ": chunks of shape " + Arrays.toString(chunkShape)
                        + " of an array of shape " + Arrays.toString(shape) + ": expected at most " + MOST_CHUNKS
                        + " chunks");
            }
            product *= count;
        }
        return new ChunkGrid(shape, chunkShape, counts);
    }

    /** The number of chunks. */
    int size() {
        return (int) Arrays.stream(counts).reduce(1, (one, other) -> one * other);
    }

    /** Whether the only chunk is the array. */
    boolean isWhole() {
        return size() == 1 && Arrays.equals(shape, chunkShape);
    }

    /** How much of a chunk along each axis lies within the array. */
    long[] used(long[] index) {
        long[] used = new long[index.length];
        Arrays.setAll(used, axis -> Math.min(chunkShape[axis], shape[axis] - index[axis] * chunkShape[axis]));
        return used;
    }

    @Override
    public Iterator<long[]> iterator() {
        return new Iterator<>() {
            private int position;

            @Override
            public boolean hasNext() {
                return position < size();
            }

            @Override
            public long[] next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                long[] index = new long[counts.length];
                long rest = position++;
                for (int axis = counts.length - 1; axis >= 0; axis--) {
                    index[axis] = rest % counts[axis];
                    rest /= counts[axis];
                }
                return index;
            }
        };
    }
}
