package io.portolan.checkpoints.containers;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Bytes that a format is known by, and where in a file they stand. */
public final class Magic {
    private final int offset;
    private final byte[] bytes;

    /**
     * @param offset where the bytes stand
     * @param latin1 the bytes, each as the character of its number
     */
    public Magic(int offset, String latin1) {
        this.offset = offset;
        this.bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Whether the remaining bytes of a buffer show it. */
    public boolean matches(ByteBuffer file) {
        return file.remaining() >= offset + bytes.length
                && file.slice(file.position() + offset, bytes.length).equals(ByteBuffer.wrap(bytes));
    }
}
