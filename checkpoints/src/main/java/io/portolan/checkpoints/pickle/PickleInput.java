package io.portolan.checkpoints.pickle;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A sequential reader of the bytes of a pickle. Every declared length is checked against the remaining bytes. */
final class PickleInput {
    private static final int LONGEST_INTEGER = 1024;

    private final ByteBuffer bytes;

    PickleInput(ByteBuffer bytes) {
        this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    int position() {
        return bytes.position();
    }

    int remaining() {
        return bytes.remaining();
    }

    int unsignedByte() throws Malformed {
        return Byte.toUnsignedInt(fixed(Byte.BYTES).get());
    }

    int unsignedShort() throws Malformed {
        return Short.toUnsignedInt(fixed(Short.BYTES).getShort());
    }

    int signedInt() throws Malformed {
        return fixed(Integer.BYTES).getInt();
    }

    long unsignedInt() throws Malformed {
        return Integer.toUnsignedLong(signedInt());
    }

    /** Reads an unsigned number of eight bytes; values of more than 63 bits are negative. */
    long unsignedLong() throws Malformed {
        return fixed(Long.BYTES).getLong();
    }

    double bigEndianDouble() throws Malformed {
        return Double.longBitsToDouble(Long.reverseBytes(unsignedLong()));
    }

    /** Returns the next bytes as a slice of the file; the count is unsigned. */
    ByteBuffer take(long count) throws Malformed {
        requireLeft(count);
        ByteBuffer taken = bytes.slice(bytes.position(), (int) count);
        bytes.position(bytes.position() + (int) count);
        return taken;
    }

    void requireLeft(long count) throws Malformed {
        if (Long.compareUnsigned(count, bytes.remaining()) > 0) {
            throw new Malformed(
                    "it declares " + Long.toUnsignedString(count) + " bytes and the file has " + bytes.remaining()
                            + " left",
                    "at least as many bytes; the file may be cut short");
        }
    }

    String utf8(long count) throws Malformed {
        return utf8(take(count));
    }

    private static String utf8(ByteBuffer text) throws Malformed {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
        } catch (CharacterCodingException e) {
            throw new Malformed("the text is not UTF-8", "valid text");
        }
    }

    /** Reads text up to the next line break, which is consumed. */
    String line() throws Malformed {
        return utf8(lineBytes());
    }

    /** Reads bytes up to the next line break, which is consumed. */
    ByteBuffer lineBytes() throws Malformed {
        for (int end = bytes.position(); end < bytes.limit(); end++) {
            if (bytes.get(end) == '\n') {
                ByteBuffer line = take(end - bytes.position());
                bytes.get();
                return line;
            }
        }
        throw new Malformed("the file ends within a line of text", "a line break");
    }

    /**
     * Reads a little-endian integer in two's complement, as a {@link Long} if it fits and a {@link BigInteger}
     * otherwise.
     */
    Number integer(int count) throws Malformed {
        if (count < 0 || count > LONGEST_INTEGER) {
            throw new Malformed("an integer of " + count + " bytes", "0 to " + LONGEST_INTEGER + " bytes");
        }
        ByteBuffer littleEndian = take(count);
        byte[] bigEndian = new byte[count + 1];
        for (int i = 0; i < count; i++) {
            bigEndian[count - i] = littleEndian.get(i);
        }
        bigEndian[0] = (byte) (bigEndian[count == 0 ? 0 : 1] < 0 ? -1 : 0);
        BigInteger value = new BigInteger(bigEndian);
        if (value.bitLength() < Long.SIZE) {
            return value.longValue();
        }
        return value;
    }

    private ByteBuffer fixed(int count) throws Malformed {
        if (bytes.remaining() < count) {
            throw new Malformed("the file ends early", count + " more bytes where " + bytes.remaining() + " are left");
        }
        return bytes;
    }
}
