package io.portolan.checkpoints.hdf5;

import io.jhdf.api.dataset.ChunkedDataset;
import java.nio.ByteBuffer;

/** Joins the chunks of an array, which form a grid; those at its edges are padded. */
final class ChunkedElements {
    /** Chunks of small arrays may be this much larger than the array. */
    private static final int MOST_PADDING = 1 << 24;

    private final ChunkedDataset dataset;
    private final int[] shape;
    private final int[] chunk;
    private final int width;
    private final byte[] elements;

    /**
     * @param shape the sizes of the array, whose product fits a Java array
     * @param width the size of an element in bytes
     */
    private ChunkedElements(ChunkedDataset dataset, int[] shape, int width, int total) {
        this.dataset = dataset;
        this.shape = shape;
        this.chunk = dataset.getChunkDimensions();
        this.width = width;
        this.elements = new byte[total];
    }

    /**
     * Reads all chunks.
     *
     * @throws IllegalArgumentException if one is damaged, or packed by an unknown filter
     */
    static ByteBuffer read(ChunkedDataset dataset, int[] shape, int width, int total) {
        ChunkedElements joined = new ChunkedElements(dataset, shape, width, total);
        joined.read();
        return ByteBuffer.wrap(joined.elements);
    }

    private void read() {
        long size = width;
        for (int i = 0; i < chunk.length; i++) {
            // A chunk may be larger than the array, but not by much in files that anyone writes.
            size = size > Integer.MAX_VALUE ? size : size * Math.max(1, chunk[i]);
        }
        if (chunk.length != shape.length || size > Math.max(MOST_PADDING, 2L * elements.length)) {
            throw new IllegalArgumentException("chunks of " + size + " bytes in an array of " + elements.length);
        }
        if (elements.length == 0) {
            return;
        }
        ChunkFilters filters = new ChunkFilters(dataset.getFilters());
        int[] offset = new int[shape.length];
        do {
            ByteBuffer packed = dataset.getRawChunkBuffer(offset.clone());
            place(filters.undo(packed, (int) size, width), offset, 0, 0, 0);
        } while (next(offset));
    }

    /** Moves to the next chunk, row by row; false after the last one. */
    private boolean next(int[] offset) {
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            offset[axis] += chunk[axis];
            if (offset[axis] < shape[axis]) {
                return true;
            }
            offset[axis] = 0;
        }
        return false;
    }

    /** Copies the rows of a chunk that lie within the array. */
    private void place(byte[] from, int[] offset, int axis, int source, int target) {
        int here = axis == shape.length ? 1 : Math.min(chunk[axis], shape[axis] - offset[axis]);
        int start = axis == shape.length ? target : target * shape[axis] + offset[axis];
        if (axis >= shape.length - 1) {
            int sourceStart = axis == shape.length ? source : source * chunk[axis];
            System.arraycopy(from, sourceStart * width, elements, start * width, here * width);
            return;
        }
        for (int i = 0; i < here; i++) {
            place(from, offset, axis + 1, source * chunk[axis] + i, start + i);
        }
    }
}
