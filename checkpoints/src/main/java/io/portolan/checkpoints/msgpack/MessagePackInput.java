package io.portolan.checkpoints.msgpack;

import io.portolan.checkpoints.values.CheckpointException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A sequential reader of the bytes of a MessagePack file. Every declared length is checked against the remaining bytes.
 */
final class MessagePackInput {
    private final String file;
    private final ByteBuffer bytes;
    private final int base;

    /**
     * @param base offset of the bytes in the file
     */
    MessagePackInput(String file, ByteBuffer bytes, int base) {
        this.file = file;
        this.bytes = bytes.slice().order(ByteOrder.BIG_ENDIAN);
        this.base = base;
    }

    /** The next bytes as a separate input. */
    MessagePackInput section(long count) throws CheckpointException {
        int start = position();
        return new MessagePackInput(file, take(count), start);
    }

    /** The offset of the next byte in the file. */
    int position() {
        return base + bytes.position();
    }

    int remaining() {
        return bytes.remaining();
    }

    int unsignedByte() throws CheckpointException {
        return Byte.toUnsignedInt(take(Byte.BYTES).get());
    }

    /** An unsigned number of 1, 2 or 4 bytes. */
    long unsigned(int width) throws CheckpointException {
        return signed(width) & (1L << width * Byte.SIZE) - 1;
    }

    /** A number of 1, 2, 4 or 8 bytes in two's complement. */
    long signed(int width) throws CheckpointException {
        ByteBuffer number = take(width);
        return switch (width) {
            case Byte.BYTES -> number.get();
            case Short.BYTES -> number.getShort();
            case Integer.BYTES -> number.getInt();
            default -> number.getLong();
        };
    }

    ByteBuffer take(long count) throws CheckpointException {
        if (count > bytes.remaining()) {
            throw error(
                    "it declares " + count + " bytes and the file has " + bytes.remaining() + " left",
                    "at least as many bytes; the file may be cut short");
        }
        ByteBuffer taken = bytes.slice(bytes.position(), (int) count).order(bytes.order());
        bytes.position(bytes.position() + (int) count);
        return taken;
    }

    String utf8(long count) throws CheckpointException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(take(count)).toString();
        } catch (CharacterCodingException e) {
            throw error("the text is not UTF-8", "valid text");
        }
    }

    CheckpointException error(String problem, String expectation) {
        return new CheckpointException(file + ": " + problem + " at byte " + position() + ": expected " + expectation);
    }
}
