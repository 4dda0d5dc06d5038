package io.portolan.checkpoints.ocdbt;

import io.portolan.checkpoints.values.CheckpointException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the fields of a manifest or node. Counts are checked against the bytes that are left before memory is taken. */
final class BodyInput {
    private static final int LONGEST_VARINT = 10;
    private static final int PAYLOAD_BITS = 7;

    private final String name;
    private final ByteBuffer bytes;

    BodyInput(String name, ByteBuffer bytes) {
        this.name = name;
        this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The name in errors of what is read. */
    String name() {
        return name;
    }

    int uint8(String field) throws CheckpointException {
        require(field, 1);
        return Byte.toUnsignedInt(bytes.get());
    }

    ByteBuffer bytes(String field, int count) throws CheckpointException {
        require(field, count);
        ByteBuffer taken = bytes.slice(bytes.position(), count);
        bytes.position(bytes.position() + count);
        return taken;
    }

    void skip(String field, int count, int width) throws CheckpointException {
        bytes(field, (int) Math.min(Integer.MAX_VALUE, (long) count * width));
    }

    /** An unsigned LEB128 integer of at most 64 bits. */
    long varint(String field) throws CheckpointException {
        long value = 0;
        for (int i = 0; i < LONGEST_VARINT; i++) {
            int part = uint8(field);
            value |= (long) (part & 0x7f) << i * PAYLOAD_BITS;
            if (part < 0x80) {
                if (i == LONGEST_VARINT - 1 && part > 1) {
                    break;
                }
                return value;
            }
        }
        throw error(field + " is a number of more than 64 bits", "a smaller one");
    }

    /** An integer between 0 and a limit. */
    int number(String field, int most) throws CheckpointException {
        long value = varint(field);
        if (value < 0 || value > most) {
            throw error(field + " is " + Long.toUnsignedString(value), "at most " + most);
        }
        return (int) value;
    }

    /** The number of entries that follow, each of at least one byte. */
    int count(String field, int most) throws CheckpointException {
        int count = number(field, most);
        if (count > bytes.remaining()) {
            throw error(field + " is " + count + " with " + bytes.remaining() + " bytes left", "at most as many");
        }
        return count;
    }

    /** A column of integers. */
    long[] varints(String field, int count) throws CheckpointException {
        require(field, count);
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = varint(field);
        }
        return values;
    }

    /** A column of integers between 0 and a limit. */
    int[] numbers(String field, int count, int most) throws CheckpointException {
        require(field, count);
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = number(field, most);
        }
        return values;
    }

    /** All bytes that are left. */
    ByteBuffer rest() {
        return bytes.slice();
    }

    void requireEnd() throws CheckpointException {
        if (bytes.hasRemaining()) {
            throw error(bytes.remaining() + " bytes follow the last field", "the end");
        }
    }

    CheckpointException error(String problem, String expectation) {
        return new CheckpointException(name + ": " + problem + " at byte " + bytes.position()
                + " of the decompressed data: expected " + expectation);
    }

    private void require(String field, int count) throws CheckpointException {
        if (count > bytes.remaining()) {
            throw error("the data ends within " + field, count + " bytes, not " + bytes.remaining());
        }
    }
}
