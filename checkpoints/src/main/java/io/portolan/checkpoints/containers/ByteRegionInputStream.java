package io.portolan.checkpoints.containers;

import io.portolan.checkpoints.values.ByteRegion;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Iterator;

/** A stream over bytes of any length. */
public final class ByteRegionInputStream extends InputStream {
    private final long size;
    private final Iterator<ByteBuffer> following;
    private ByteBuffer current = ByteBuffer.allocate(0);
    private long position;

    public ByteRegionInputStream(ByteRegion bytes) {
        this.size = bytes.size();
        this.following = bytes.buffers().iterator();
    }

    /** The number of bytes read so far. */
    public long position() {
        return position;
    }

    @Override
    public int read() {
        if (!advance()) {
            return -1;
        }
        position++;
        return Byte.toUnsignedInt(current.get());
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (!advance()) {
            return -1;
        }
        int count = Math.min(length, current.remaining());
        current.get(target, offset, count);
        position += count;
        return count;
    }

    @Override
    public long skip(long count) {
        if (count <= 0 || !advance()) {
            return 0;
        }
        int skipped = (int) Math.min(count, current.remaining());
        current.position(current.position() + skipped);
        position += skipped;
        return skipped;
    }

    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, size - position);
    }

    /** Makes sure that the current buffer has bytes left; false at the end. */
    private boolean advance() {
        while (!current.hasRemaining()) {
            if (!following.hasNext()) {
                return false;
            }
            current = following.next();
        }
        return true;
    }
}
