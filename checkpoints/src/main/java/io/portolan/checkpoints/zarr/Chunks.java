package io.portolan.checkpoints.zarr;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The chunks of an array, or the inner chunks of a shard, put together.
 *
 * @param name the array's name in errors
 * @param type the element type
 * @param grid where each chunk is
 * @param fill what takes the place of missing chunks
 */
record Chunks(String name, ElementType type, ChunkGrid grid, FillValue fill) {
    /** The size in bytes of the buffers that a large array is put together in. */
    private static final int PIECE = 1 << 30;

    /** Gives the elements of a chunk: all of them, row-major and little-endian. Empty if the chunk is missing. */
    interface Source {
        Optional<ByteBuffer> chunk(long[] index) throws IOException;
    }

    /** Reads all chunks. A single chunk that has the shape of the array is not copied. */
    ByteRegion read(Source source) throws IOException {
        long total = ArrayData.byteCount(type, grid.shape());
        if (grid.isWhole()) {
            Optional<ByteBuffer> chunk = source.chunk(new long[grid.shape().length]);
            if (chunk.isPresent()) {
                return ByteRegion.of(chunk.get());
            }
        }
        List<ByteBuffer> pieces = new ArrayList<>();
        for (long start = 0; start < total; start += PIECE) {
            pieces.add(ByteBuffer.allocate((int) Math.min(PIECE, total - start)));
        }
        ByteBuffer filling = null;
        for (long[] index : grid) {
            Optional<ByteBuffer> chunk = source.chunk(index);
            if (chunk.isEmpty() && filling == null) {
                filling = fill.elements(Math.toIntExact(ArrayData.byteCount(type, grid.chunkShape())));
            }
            copy(chunk.orElse(filling), index, pieces);
        }
        return ByteRegion.joined(pieces);
    }

    /** Copies the part of a chunk that lies within the array, in runs that are contiguous in both. */
    private void copy(ByteBuffer chunk, long[] index, List<ByteBuffer> pieces) {
        int rank = index.length;
        long[] extent = grid.used(index);
        int split = rank - 1;
        long run = type.bytes();
        while (split >= 0) {
            run *= extent[split];
            if (extent[split] != grid.chunkShape()[split] || extent[split] != grid.shape()[split]) {
                break;
            }
            split--;
        }
        long[] inChunk = strides(grid.chunkShape());
        long[] inArray = strides(grid.shape());
        long source = 0;
        long target = 0;
        for (int axis = 0; axis < rank; axis++) {
            target += index[axis] * grid.chunkShape()[axis] * inArray[axis];
        }
        long[] position = new long[Math.max(0, split)];
        while (true) {
            put(chunk, (int) source, (int) run, target, pieces);
            int axis = position.length - 1;
            while (axis >= 0 && ++position[axis] == extent[axis]) {
                source -= (extent[axis] - 1) * inChunk[axis];
                target -= (extent[axis] - 1) * inArray[axis];
                position[axis--] = 0;
            }
            if (axis < 0) {
                return;
            }
            source += inChunk[axis];
            target += inArray[axis];
        }
    }

    private static void put(ByteBuffer from, int source, int count, long target, List<ByteBuffer> pieces) {
        for (int done = 0; done < count; ) {
            ByteBuffer piece = pieces.get((int) ((target + done) / PIECE));
            int at = (int) ((target + done) % PIECE);
            int length = Math.min(count - done, piece.capacity() - at);
            piece.put(at, from, source + done, length);
            done += length;
        }
    }

    /** Bytes between neighbours along each axis. */
    private long[] strides(long[] shape) {
        long[] strides = new long[shape.length];
        long stride = type.bytes();
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return strides;
    }
}
