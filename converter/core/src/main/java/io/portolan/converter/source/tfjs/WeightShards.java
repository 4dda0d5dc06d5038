package io.portolan.converter.source.tfjs;

import io.portolan.checkpoints.stores.StoredValue;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Files that together hold the weights of a group, one after the other; a weight may begin in one file and end in another. */
record WeightShards(String name, List<StoredValue> files) {
    long size() {
        return files.stream().mapToLong(StoredValue::size).sum();
    }

    /**
     * Reads some of the bytes.
     *
     * @throws CheckpointException if there are not as many
     */
    byte[] read(long offset, int length) throws IOException {
        if (length > size() - offset) {
            throw new CheckpointException(
                    name + ": " + size() + " bytes of weights: expected at least " + (offset + length));
        }
        byte[] bytes = new byte[length];
        int filled = 0;
        long start = 0;
        for (StoredValue file : files) {
            long from = Math.max(0, offset + filled - start);
            int count = (int) Math.min(length - filled, Math.max(0, file.size() - from));
            if (count > 0) {
                ByteBuffer part = file.read(from, count);
                part.get(bytes, filled, count);
                filled += count;
            }
            start += file.size();
        }
        return bytes;
    }
}
