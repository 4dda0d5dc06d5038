package io.portolan.checkpoints.pickle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A Python 2 {@code str}, which may be text or the bytes of an array. */
final class ByteString {
    private final ByteBuffer bytes;
    private String text;

    ByteString(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    ByteBuffer bytes() {
        return bytes;
    }

    /** The bytes as Latin-1 text, as Python 3 reads them with that encoding; decoded once. */
    String text() {
        if (text == null) {
            text = StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString();
        }
        return text;
    }
}
