package io.portolan.programs.bytecode;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes the numbers of MLIR bytecode. */
final class ByteSink {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    ByteSink raw(int... values) {
        for (int value : values) {
            bytes.write(value);
        }
        return this;
    }

    ByteSink raw(byte[] values) {
        bytes.writeBytes(values);
        return this;
    }

    /** Unsigned numbers of up to 64 bits each. */
    ByteSink varint(long... values) {
        for (long value : values) {
            int significant = Long.SIZE - Long.numberOfLeadingZeros(value);
            int length = Math.max(1, (significant + 6) / 7);
            if (length > 8) {
                bytes.write(0);
                littleEndian(value, 8);
            } else {
                littleEndian(value << length | 1L << length - 1, length);
            }
        }
        return this;
    }

    ByteSink signed(long... values) {
        for (long value : values) {
            varint(value << 1 ^ value >> 63);
        }
        return this;
    }

    ByteSink flagged(long value, boolean flag) {
        return varint(value << 1 | (flag ? 1 : 0));
    }

    ByteSink blob(byte[] content) {
        return varint(content.length).raw(content);
    }

    ByteSink section(int id, ByteSink content) {
        return raw(id).blob(content.toBytes());
    }

    /** A section that begins at a multiple of an alignment, counted from the start of the file. */
    ByteSink alignedSection(int id, int alignment, ByteSink content) {
        byte[] data = content.toBytes();
        raw(id | 0x80).varint(data.length).varint(alignment);
        while (bytes.size() % alignment != 0) {
            raw(0xCB);
        }
        return raw(data);
    }

    private void littleEndian(long value, int length) {
        byte[] all = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        bytes.write(all, 0, length);
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }
}
