package io.portolan.checkpoints.pickle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Python 2's {@code str}, which is text in one place and the bytes of an array in another. */
final class ByteString {
    private final ByteBuffer bytes;
    private String text;

    ByteString(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    ByteBuffer bytes() {
        return bytes;
    }

    /** The bytes as Latin-1, which is how Python 3 is told to read such text; made once, however often it is used. */
    String text() {
        if (text == null) {
            text = StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString();
        }
        return text;
    }
}
