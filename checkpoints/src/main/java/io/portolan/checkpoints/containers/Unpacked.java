package io.portolan.checkpoints.containers;

import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads a decompressed stream into memory. The memory grows with the bytes read, independent of any declared size. */
final class Unpacked {
    private static final int CHUNK = 1 << 18;

    private Unpacked() {}

    /**
     * Reads a stream to its end.
     *
     * @param packed the size of the compressed data
     * @throws CheckpointException if it is more than the limits allow
     */
    static ByteRegion all(InputStream in, String name, long packed, UnpackingLimits limits) throws IOException {
        List<byte[]> chunks = new ArrayList<>();
        long total = 0;
        for (byte[] chunk = in.readNBytes(CHUNK); chunk.length > 0; chunk = in.readNBytes(CHUNK)) {
            total += chunk.length;
            limits.check(name, packed, total);
            chunks.add(chunk);
        }
        if (total > ByteRegion.LONGEST_BUFFER) {
            return ByteRegion.joined(chunks.stream().map(ByteBuffer::wrap).toList());
        }
        ByteBuffer joined = ByteBuffer.allocate((int) total);
        for (int i = 0; i < chunks.size(); i++) {
            joined.put(chunks.set(i, null));
        }
        return ByteRegion.of(joined.flip());
    }
}
