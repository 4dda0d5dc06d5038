package io.portolan.checkpoints.pickle;

import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.Utf8;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** A sequential reader of the bytes of a pickle. Every declared length is checked against the remaining bytes. */
final class PickleInput {
    private static final int LONGEST_INTEGER = 1024;

    private final ByteRegion bytes;
    private long next;

    PickleInput(ByteRegion bytes) {
        this.bytes = bytes;
    }

    long position() {
        return next;
    }

    long remaining() {
        return bytes.size() - next;
    }

    int unsignedByte() throws Malformed {
        return (int) unsigned(Byte.BYTES);
    }

    int unsignedShort() throws Malformed {
        return (int) unsigned(Short.BYTES);
    }

    int signedInt() throws Malformed {
        return (int) unsigned(Integer.BYTES);
    }

    long unsignedInt() throws Malformed {
        return unsigned(Integer.BYTES);
    }

    /** Reads an unsigned number of eight bytes; values of more than 63 bits are negative. */
    long unsignedLong() throws Malformed {
        return unsigned(Long.BYTES);
    }

    private long unsigned(int width) throws Malformed {
        if (remaining() < width) {
            throw new Malformed("the file ends early", width + " more bytes where " + remaining() + " are left");
        }
        long number = 0;
        for (int i = width - 1; i >= 0; i--) {
            number = number << Byte.SIZE | Byte.toUnsignedLong(bytes.get(next + i));
        }
        next += width;
        return number;
    }

    double bigEndianDouble() throws Malformed {
        return Double.longBitsToDouble(Long.reverseBytes(unsignedLong()));
    }

    /** Returns the next bytes as a slice of the file; the count is unsigned. */
    ByteRegion take(long count) throws Malformed {
        requireLeft(count);
        ByteRegion taken = bytes.slice(next, count);
        next += count;
        return taken;
    }

    void requireLeft(long count) throws Malformed {
        if (Long.compareUnsigned(count, remaining()) > 0) {
            throw new Malformed(
                    "it declares " + Long.toUnsignedString(count) + " bytes and the file has " + remaining() + " left",
                    "at least as many bytes; the file may be cut short");
        }
    }

    String utf8(long count) throws Malformed {
        ByteRegion text = take(count);
        if (!text.fitsBuffer()) {
            throw new Malformed("a text of " + text, "fewer than 2 GiB");
        }
        return utf8(text.buffer());
    }

    private static String utf8(ByteBuffer text) throws Malformed {
        try {
            return Utf8.decodeUnits(text);
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
        for (long end = next; end < bytes.size() && end - next < ByteRegion.LONGEST_BUFFER; end++) {
            if (bytes.get(end) == '\n') {
                ByteBuffer line = take(end - next).buffer();
                next++;
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
        ByteRegion littleEndian = take(count);
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
}
