package io.portolan.programs.bytecode;

import io.portolan.programs.ProgramException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads the numbers of MLIR bytecode in sequence. Every declared length, count and index is checked against the bytes that are left,
 * so that nothing is allocated for more than the file can hold.
 */
final class ByteCursor {
    private static final int PADDING = 0xCB;
    private static final int MOST_ALIGNMENT = 1 << 20;

    private final ByteBuffer bytes;
    private final long origin;
    private final int start;

    private ByteCursor(ByteBuffer bytes, long origin, int start) {
        this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        this.origin = origin;
        this.start = start;
    }

    /**
     * Reads bytecode from its first byte.
     *
     * @param origin the offset of that byte in the file, for messages
     */
    static ByteCursor of(ByteBuffer bytes, long origin) {
        return new ByteCursor(bytes, origin, 0);
    }

    /** The offset of the next byte in the file. */
    long offset() {
        return origin + start + bytes.position();
    }

    int remaining() {
        return bytes.remaining();
    }

    boolean isAtEnd() {
        return !bytes.hasRemaining();
    }

    ProgramException fault(String message) {
        return ProgramException.at(offset(), message);
    }

    int unsignedByte() throws ProgramException {
        require(1);
        return Byte.toUnsignedInt(bytes.get());
    }

    /** Reads an unsigned number of up to 64 bits; those of more than 63 bits are negative. */
    long varint() throws ProgramException {
        int first = unsignedByte();
        if (first == 0) {
            require(Long.BYTES);
            return bytes.getLong();
        }
        int extra = Integer.numberOfTrailingZeros(first);
        require(extra);
        long value = first;
        for (int i = 1; i <= extra; i++) {
            value |= Byte.toUnsignedLong(bytes.get()) << 8 * i;
        }
        return value >>> extra + 1;
    }

    /** Reads a signed number of up to 64 bits. */
    long signed() throws ProgramException {
        long value = varint();
        return value >>> 1 ^ -(value & 1);
    }

    /** Reads the bits of an integer of 1 to 64 bits; those above its width are undefined. */
    long integer(int bits) throws ProgramException {
        return bits <= 8 ? unsignedByte() : signed();
    }

    /** Reads how many items of at least one byte each follow. */
    int count(String what) throws ProgramException {
        return bounded(varint(), what);
    }

    /** Checks a number of items of at least one byte each that was just read. */
    int bounded(long count, String what) throws ProgramException {
        if (Long.compareUnsigned(count, bytes.remaining()) > 0) {
            throw fault("it declares " + Long.toUnsignedString(count) + " " + what + ", expected at most "
                    + bytes.remaining() + " in the bytes that are left");
        }
        return (int) count;
    }

    /** Reads an index into a table. */
    int index(int size, String what) throws ProgramException {
        return checkedIndex(varint(), size, what);
    }

    /** Checks an index into a table that was just read. */
    int checkedIndex(long index, int size, String what) throws ProgramException {
        if (Long.compareUnsigned(index, size) >= 0) {
            throw fault("it refers to " + what + " " + Long.toUnsignedString(index) + ", expected less than " + size);
        }
        return (int) index;
    }

    /** The next bytes as a part of the file, without a copy. */
    ByteBuffer take(int count) throws ProgramException {
        require(count);
        ByteBuffer taken = bytes.slice(bytes.position(), count).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(bytes.position() + count);
        return taken;
    }

    /** A reader of the next bytes alone. */
    ByteCursor cut(int count) throws ProgramException {
        int from = start + bytes.position();
        return new ByteCursor(take(count), origin, from);
    }

    /** Another reader of the bytes that are left, so that this one does not move. */
    ByteCursor copy() {
        return part(bytes.position(), bytes.remaining());
    }

    /** Another reader of some of the bytes. */
    ByteCursor part(int from, int count) {
        return new ByteCursor(bytes.slice(from, count), origin, start + from);
    }

    /** Reads bytes after their number. */
    ByteBuffer blob() throws ProgramException {
        return take(count("bytes"));
    }

    /** Reads text up to a zero byte. */
    String terminated() throws ProgramException {
        for (int end = bytes.position(); end < bytes.limit(); end++) {
            if (bytes.get(end) == 0) {
                String text = text(take(end - bytes.position()));
                bytes.get();
                return text;
            }
        }
        throw fault("a text does not end, expected a zero byte");
    }

    static String text(ByteBuffer utf8) {
        return StandardCharsets.UTF_8.decode(utf8).toString();
    }

    /** Reads a section: its number, and its bytes. */
    Section section() throws ProgramException {
        int head = unsignedByte();
        int length = count("bytes of a section");
        if (head >= 0x80) {
            skipPadding();
        }
        return new Section(head & 0x7F, cut(length));
    }

    private void skipPadding() throws ProgramException {
        long alignment = varint();
        if (alignment < 1 || alignment > MOST_ALIGNMENT || Long.bitCount(alignment) != 1) {
            throw fault("a section is aligned to " + Long.toUnsignedString(alignment)
                    + " bytes, expected a power of two up to " + MOST_ALIGNMENT);
        }
        while ((start + bytes.position()) % alignment != 0) {
            if (unsignedByte() != PADDING) {
                throw fault("expected padding before a section");
            }
        }
    }

    /** Rejects bytes that are left over. */
    void requireEnd(String what) throws ProgramException {
        if (bytes.hasRemaining()) {
            throw fault(what + " has " + bytes.remaining() + " bytes too many, expected its end");
        }
    }

    private void require(int count) throws ProgramException {
        if (bytes.remaining() < count) {
            throw fault(
                    "the data end early, expected " + count + " more bytes where " + bytes.remaining() + " are left");
        }
    }

    /** A numbered part of the file. */
    record Section(int id, ByteCursor content) {}
}
