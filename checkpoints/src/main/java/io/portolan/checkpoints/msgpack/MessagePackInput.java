package io.portolan.checkpoints.msgpack;

import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A sequential reader of the bytes of a MessagePack file. Every declared length is checked against the remaining bytes.
 */
final class MessagePackInput {
    private final String file;
    private final ByteRegion bytes;
    private final long base;
    private long next;

    /**
     * @param base offset of the bytes in the file
     */
    MessagePackInput(String file, ByteRegion bytes, long base) {
        this.file = file;
        this.bytes = bytes;
        this.base = base;
    }

    /** The next bytes as a separate input. */
    MessagePackInput section(long count) throws CheckpointException {
        long start = position();
        return new MessagePackInput(file, take(count), start);
    }

    /** The offset of the next byte in the file. */
    long position() {
        return base + next;
    }

    long remaining() {
        return bytes.size() - next;
    }

    int unsignedByte() throws CheckpointException {
        requireLeft(Byte.BYTES);
        return Byte.toUnsignedInt(bytes.get(next++));
    }

    /** An unsigned number of 1, 2 or 4 bytes. */
    long unsigned(int width) throws CheckpointException {
        return signed(width) & (1L << width * Byte.SIZE) - 1;
    }

    /** A number of 1, 2, 4 or 8 bytes in two's complement. */
    long signed(int width) throws CheckpointException {
        requireLeft(width);
        long number = bytes.get(next);
        for (int i = 1; i < width; i++) {
            number = number << Byte.SIZE | Byte.toUnsignedLong(bytes.get(next + i));
        }
        next += width;
        return number;
    }

    ByteRegion take(long count) throws CheckpointException {
        requireLeft(count);
        ByteRegion taken = bytes.slice(next, count);
        next += count;
        return taken;
    }

    private void requireLeft(long count) throws CheckpointException {
        if (count > remaining()) {
            throw error(
                    "it declares " + count + " bytes and the file has " + remaining() + " left",
                    "at least as many bytes; the file may be cut short");
        }
    }

    String utf8(long count) throws CheckpointException {
        ByteRegion text = take(count);
        if (!text.fitsBuffer()) {
            throw error("a text of " + count + " bytes", "fewer than 2 GiB");
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(text.buffer()).toString();
        } catch (CharacterCodingException e) {
            throw error("the text is not UTF-8", "valid text");
        }
    }

    CheckpointException error(String problem, String expectation) {
        return new CheckpointException(file + ": " + problem + " at byte " + position() + ": expected " + expectation);
    }
}
