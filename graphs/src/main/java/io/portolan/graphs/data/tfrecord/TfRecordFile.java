package io.portolan.graphs.data.tfrecord;

import io.portolan.checkpoints.files.InputFile;
import io.portolan.graphs.data.error.DatasetException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;

/**
 * An uncompressed TFRecord file whose records can be read in any order, by several threads at once. Opening it reads
 * the frame of every record but no contents; the checksums of contents are verified when they are read. Lengths are
 * checked against the file size before memory is allocated.
 */
public final class TfRecordFile implements Closeable {
    private static final int LENGTH_BYTES = Long.BYTES;
    private static final int HEADER_BYTES = LENGTH_BYTES + Integer.BYTES;
    private static final int FRAME_BYTES = HEADER_BYTES + Integer.BYTES;
    private static final int LARGEST_RECORD = Integer.MAX_VALUE - 64;

    private final Path file;
    private final FileChannel channel;
    private long[] offsets = new long[64];
    private int size;

    private TfRecordFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens a file and finds its records.
     *
     * @throws DatasetException if it is not a complete TFRecord file; the message says at which byte
     */
    public static TfRecordFile open(Path file) throws IOException {
        TfRecordFile opened =
                new TfRecordFile(file, FileChannel.open(InputFile.require(file), StandardOpenOption.READ));
        try {
            opened.index();
            return opened;
        } catch (IOException | RuntimeException failure) {
            opened.close();
            throw failure;
        }
    }

    /** Number of records. */
    public int size() {
        return size;
    }

    /**
     * The bytes of a record.
     *
     * @throws DatasetException if they do not match their checksum
     */
    public ByteBuffer read(int index) throws IOException {
        long offset = offsets[Objects.checkIndex(index, size)];
        int length = length(offset);
        ByteBuffer content = bytes(offset + HEADER_BYTES, length + Integer.BYTES);
        int checksum = content.getInt(length);
        content.limit(length);
        if (checksum != MaskedCrc.of(content)) {
            throw damaged(offset, "its content does not match its checksum");
        }
        return content;
    }

    /** A record's position, for messages. */
    public String place(int index) {
        return file + ", record " + index + " at byte " + offsets[index];
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void index() throws IOException {
        long end = channel.size();
        for (long offset = 0; offset < end; offset += FRAME_BYTES + length(offset)) {
            if (size == offsets.length) {
                offsets = Arrays.copyOf(offsets, 2 * size);
            }
            offsets[size++] = offset;
        }
        offsets = Arrays.copyOf(offsets, size);
    }

    private int length(long offset) throws IOException {
        long left = channel.size() - offset;
        if (left < FRAME_BYTES) {
            throw damaged(offset, "the file ends within it");
        }
        ByteBuffer header = bytes(offset, HEADER_BYTES);
        if (header.getInt(LENGTH_BYTES) != MaskedCrc.of(header.slice(0, LENGTH_BYTES))) {
            throw damaged(offset, "its length does not match its checksum");
        }
        long length = header.getLong(0);
        if (length < 0 || length > LARGEST_RECORD || length > left - FRAME_BYTES) {
            throw damaged(
                    offset,
                    "it claims " + Long.toUnsignedString(length) + " bytes where " + (left - FRAME_BYTES)
                            + " are left");
        }
        return (int) length;
    }

    private ByteBuffer bytes(long offset, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, offset + bytes.position()) < 0) {
                throw damaged(offset, "the file ends within it");
            }
        }
        return bytes.flip();
    }

    private DatasetException damaged(long offset, String problem) {
        return new DatasetException(file + ": damaged TFRecord at byte " + offset + ", " + problem
                + "; expected an intact, uncompressed TFRecord file");
    }
}
