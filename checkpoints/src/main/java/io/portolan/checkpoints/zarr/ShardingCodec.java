package io.portolan.checkpoints.zarr;

import io.portolan.checkpoints.stores.MemoryValue;
import io.portolan.checkpoints.stores.StoredValue;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * A chunk that holds smaller ones, with an index of their offsets and lengths at its start or end.
 *
 * @param type the element type
 * @param innerShape the shape of an inner chunk
 * @param inner how an inner chunk is stored
 * @param hasChecksum whether the CRC-32C of the index follows it
 * @param isIndexFirst whether the index is at the start
 * @param fill what takes the place of missing inner chunks
 */
record ShardingCodec(
        ElementType type,
        long[] innerShape,
        ArrayCodec inner,
        boolean hasChecksum,
        boolean isIndexFirst,
        FillValue fill)
        implements ArrayCodec {
    private static final int ENTRY = 2 * Long.BYTES;

    /** Offset and length of an inner chunk that is not there. */
    private static final long MISSING = -1;

    @Override
    public ByteBuffer decode(StoredValue stored, long[] shape, long[] used) throws IOException {
        ChunkGrid grid = grid(stored.name(), shape);
        ByteBuffer index = index(stored, grid.size());
        Chunks chunks = new Chunks(stored.name(), type, grid, fill);
        ByteRegion elements = chunks.read(number -> {
            int entry = ENTRY * position(grid, number);
            long offset = index.getLong(entry);
            long length = index.getLong(entry + Long.BYTES);
            if (offset == MISSING && length == MISSING) {
                if (isUsed(number, used)) {
                    fill.requireAllowed(Arrays.toString(number) + " of the shard " + stored.name());
                }
                return Optional.empty();
            }
            String name = stored.name() + " (inner chunk " + Arrays.toString(number) + ")";
            return Optional.of(inner.decode(stored.part(name, offset, length), innerShape, innerShape));
        });
        return elements.buffer();
    }

    @Override
    public OptionalInt storedBytes(long[] shape) {
        return OptionalInt.empty();
    }

    /**
     * The grid of inner chunks.
     *
     * @throws CheckpointException if they do not fill the shard
     */
    ChunkGrid grid(String name, long[] shape) throws CheckpointException {
        ChunkGrid grid = ChunkGrid.of(name, shape, innerShape);
        for (int axis = 0; axis < shape.length; axis++) {
            if (shape[axis] % innerShape[axis] != 0) {
                throw new CheckpointException(name + ": inner chunks of shape " + Arrays.toString(innerShape)
                        + " in shards of shape " + Arrays.toString(shape) + ": expected them to fill the shards");
            }
        }
        return grid;
    }

    private ByteBuffer index(StoredValue stored, int entries) throws IOException {
        int size = ENTRY * entries;
        String name = stored.name() + " (index of the shard)";
        int length = hasChecksum ? ByteCodec.CRC.storedBytes(size) : size;
        StoredValue part = stored.part(name, isIndexFirst ? 0 : stored.size() - length, length);
        ByteBuffer bytes = part.read(0, length);
        return new MemoryValue(name, hasChecksum ? ByteCodec.CRC.decode(name, bytes, size) : bytes)
                .read(0, size)
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Whether a part of an inner chunk lies within the array; writers leave out those beyond its ends. */
    private boolean isUsed(long[] number, long[] used) {
        return IntStream.range(0, number.length).allMatch(axis -> number[axis] * innerShape[axis] < used[axis]);
    }

    private static int position(ChunkGrid grid, long[] number) {
        long position = 0;
        for (int axis = 0; axis < number.length; axis++) {
            position = position * grid.counts()[axis] + number[axis];
        }
        return (int) position;
    }
}
