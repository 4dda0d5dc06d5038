package io.portolan.checkpoints.containers;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;

/**
 * Decompresses LZ4 frames, one after the other. The library would do so too, but it recurses once for each empty frame.
 */
final class Lz4InputStream extends InputStream {
    private final PushbackInputStream packed;
    private InputStream frame;

    Lz4InputStream(InputStream packed) throws IOException {
        this.packed = new PushbackInputStream(packed);
        this.frame = new FramedLZ4CompressorInputStream(this.packed);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = frame.read(target, offset, length);
        while (count < 0) {
            int next = packed.read();
            if (next < 0) {
                return -1;
            }
            packed.unread(next);
            frame = new FramedLZ4CompressorInputStream(packed);
            count = frame.read(target, offset, length);
        }
        return count;
    }
}
