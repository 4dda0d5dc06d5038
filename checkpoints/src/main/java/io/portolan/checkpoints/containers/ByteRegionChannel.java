package io.portolan.checkpoints.containers;

import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** A read-only channel over the bytes of a buffer. */
final class ByteBufferChannel implements SeekableByteChannel {
    private final ByteBuffer bytes;
    private long position;
    private boolean open = true;

    ByteBufferChannel(ByteBuffer bytes) {
        this.bytes = bytes.slice();
    }

    @Override
    public int read(ByteBuffer target) {
        if (position >= bytes.limit()) {
            return target.hasRemaining() ? -1 : 0;
        }
        int count = Math.min(target.remaining(), bytes.limit() - (int) position);
        target.put(bytes.slice((int) position, count));
        position += count;
        return count;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public SeekableByteChannel position(long newPosition) {
        if (newPosition < 0) {
            throw new IllegalArgumentException("position " + newPosition);
        }
        position = newPosition;
        return this;
    }

    @Override
    public long size() {
        return bytes.limit();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
    }

    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new NonWritableChannelException();
    }
}
