package io.portolan.runtime;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A reader of the fields of a message in protocol buffers' wire format, without copying. */
final class WireFields {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED_32 = 5;

    private final ByteBuffer message;
    private int field;
    private long number;
    private ByteBuffer content;
    private ByteBuffer whole;

    WireFields(ByteBuffer message) {
        this.message = message.slice();
    }

    /**
     * Moves to the next field; returns false after the last one.
     *
     * @throws IllegalArgumentException if this is not such a message
     */
    boolean next() {
        if (!message.hasRemaining()) {
            return false;
        }
        int start = message.position();
        long tag = varint();
        field = (int) (tag >>> 3);
        number = 0;
        content = null;
        switch ((int) (tag & 7)) {
            case VARINT -> number = varint();
            case FIXED_64 -> skip(Long.BYTES);
            case FIXED_32 -> skip(Integer.BYTES);
            case LENGTH -> {
                long length = varint();
                int from = message.position();
                skip(length);
                content = message.slice(from, (int) length);
            }
            default -> throw new IllegalArgumentException("not a message");
        }
        whole = message.slice(start, message.position() - start);
        return true;
    }

    /** The number of the field. */
    int field() {
        return field;
    }

    /** The value of an integer field; 0 for others. */
    long number() {
        return number;
    }

    /** Whether the field is a message, a string, bytes or a packed list. */
    boolean hasContent() {
        return content != null;
    }

    ByteBuffer content() {
        return content.duplicate();
    }

    String text() {
        return StandardCharsets.UTF_8.decode(content()).toString();
    }

    /** The field with its tag. */
    ByteBuffer whole() {
        return whole.duplicate();
    }

    private void skip(long bytes) {
        if (bytes < 0 || bytes > message.remaining()) {
            throw new IllegalArgumentException("not a message");
        }
        message.position(message.position() + (int) bytes);
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE && message.hasRemaining(); shift += 7) {
            byte next = message.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("not a message");
    }
}
