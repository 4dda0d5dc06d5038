package io.portolan.checkpoints.pickle;

import io.portolan.checkpoints.values.ByteRegion;
import java.nio.charset.StandardCharsets;

/** A Python 2 {@code str}, which may be text or the bytes of an array. */
final class ByteString {
    private final ByteRegion bytes;
    private String text;

    ByteString(ByteRegion bytes) {
        this.bytes = bytes;
    }

    ByteRegion bytes() {
        return bytes;
    }

    /** The bytes as Latin-1 text, as Python 3 reads them with that encoding; decoded once. */
    String text() {
        if (text == null) {
            text = StandardCharsets.ISO_8859_1.decode(bytes.buffer()).toString();
        }
        return text;
    }
}
