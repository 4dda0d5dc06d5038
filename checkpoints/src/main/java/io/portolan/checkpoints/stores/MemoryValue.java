package io.portolan.checkpoints.stores;

import io.portolan.checkpoints.values.CheckpointException;
import java.nio.ByteBuffer;

/**
 * A value in memory.
 *
 * @param name its name in errors
 * @param bytes its bytes, from the buffer's position to its limit
 */
public record MemoryValue(String name, ByteBuffer bytes) implements StoredValue {

    public MemoryValue {
        bytes = bytes.slice();
    }

    @Override
    public long size() {
        return bytes.limit();
    }

    @Override
    public ByteBuffer read(long offset, int length) throws CheckpointException {
        requireWithin(name, offset, length);
        return bytes.slice((int) offset, length);
    }
}
