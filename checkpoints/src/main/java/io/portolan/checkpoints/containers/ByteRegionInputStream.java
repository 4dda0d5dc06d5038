package io.portolan.checkpoints.containers;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** A stream over the bytes of a buffer. */
public final class ByteBufferInputStream extends InputStream {
    private final ByteBuffer bytes;

    public ByteBufferInputStream(ByteBuffer bytes) {
        this.bytes = bytes.slice();
    }

    /** The number of bytes read so far. */
    public int position() {
        return bytes.position();
    }

    @Override
    public int read() {
        return bytes.hasRemaining() ? Byte.toUnsignedInt(bytes.get()) : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (!bytes.hasRemaining()) {
            return -1;
        }
        int count = Math.min(length, bytes.remaining());
        bytes.get(target, offset, count);
        return count;
    }

    @Override
    public long skip(long count) {
        int skipped = (int) Math.max(0, Math.min(count, bytes.remaining()));
        bytes.position(bytes.position() + skipped);
        return skipped;
    }

    @Override
    public int available() {
        return bytes.remaining();
    }
}
