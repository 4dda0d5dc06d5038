package io.portolan.runtime;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A writer for the part of protocol buffers' wire format that small models need: numbers, strings and messages. */
final class WireMessage {
    private static final int VARINT = 0;
    private static final int LENGTH = 2;
    private static final int SEVEN_BITS = 0x7f;

    private final ByteArrayOutputStream wire = new ByteArrayOutputStream();

    WireMessage number(int field, int value) {
        varint(field << 3 | VARINT);
        varint(value);
        return this;
    }

    WireMessage text(int field, String text) {
        return chunk(field, text.getBytes(StandardCharsets.UTF_8));
    }

    WireMessage message(int field, WireMessage inner) {
        return chunk(field, inner.bytes());
    }

    /** Appends an encoded message. */
    WireMessage message(int field, ByteBuffer inner) {
        varint(field << 3 | LENGTH);
        varint(inner.remaining());
        return raw(inner);
    }

    /** Appends encoded fields. */
    WireMessage raw(ByteBuffer fields) {
        byte[] bytes = new byte[fields.remaining()];
        fields.duplicate().get(bytes);
        wire.writeBytes(bytes);
        return this;
    }

    byte[] bytes() {
        return wire.toByteArray();
    }

    private WireMessage chunk(int field, byte[] content) {
        varint(field << 3 | LENGTH);
        varint(content.length);
        wire.writeBytes(content);
        return this;
    }

    private void varint(int value) {
        for (int rest = value; ; rest >>>= 7) {
            if (rest >= 0 && rest <= SEVEN_BITS) {
                wire.write(rest);
                return;
            }
            wire.write(rest & SEVEN_BITS | SEVEN_BITS + 1);
        }
    }
}
