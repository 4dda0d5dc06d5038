package io.portolan.checkpoints.containers;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The magic bytes of a format, and their offset in a file. */
public final class Magic {
    private final int offset;
    private final byte[] bytes;

    /**
     * @param offset the offset of the bytes
     * @param latin1 the bytes as Latin-1 text
     */
    public Magic(int offset, String latin1) {
        this.offset = offset;
        this.bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Whether the remaining bytes of a buffer have these magic bytes. */
    public boolean matches(ByteBuffer file) {
        return file.remaining() >= offset + bytes.length
                && file.slice(file.position() + offset, bytes.length).equals(ByteBuffer.wrap(bytes));
    }
}
