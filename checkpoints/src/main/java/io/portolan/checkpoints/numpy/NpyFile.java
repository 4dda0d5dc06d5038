package io.portolan.checkpoints.numpy;

import io.portolan.checkpoints.ArrayData;
import io.portolan.checkpoints.CheckpointException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads numpy's {@code .npy} format, header versions 1 to 3. */
public final class NpyFile {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LONGEST_HEADER = 1 << 16;
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    private NpyFile() {
    }

    /**
     * The array in a file.
     *
     * @throws CheckpointException if the file is not one whole array of a type that {@link DType} knows
     */
    public static ArrayData read(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return read(in, file.toString(), Files.size(file));
        }
    }

    /**
     * The array that a stream holds from here to its end. Memory grows with the bytes that really arrive, whatever the
     * header declares.
     *
     * @param name what errors call the stream
     * @throws CheckpointException if the stream is not one whole array of a type that {@link DType} knows
     */
    public static ArrayData read(InputStream in, String name) throws IOException {
        return read(in, name, LARGEST_ARRAY);
    }

    /** Reads a stream of which it is known that it holds at most so many bytes. */
    static ArrayData read(InputStream in, String name, long available) throws IOException {
        NpyHeader header = header(in, name);
        long bytes = byteCount(header, name);
        if (bytes > available) {
            throw new CheckpointException(name + ": shape " + Arrays.toString(header.shape()) + " takes " + bytes
                    + " bytes of a file of " + available + ": expected the whole array");
        }
        byte[] payload = exactly(in, (int) bytes, name);
        if (in.read() >= 0) {
            throw new CheckpointException(name + ": bytes follow the array: expected the end after " + bytes + " bytes of elements");
        }
        return header.layout().read(header.dtype(), ByteBuffer.wrap(payload));
    }

    private static NpyHeader header(InputStream in, String name) throws IOException {
        if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
            throw new CheckpointException(name + ": not a .npy array: expected it to start with \\x93NUMPY");
        }
        int major = exactly(in, 2, name)[0];
        if (major < 1 || major > 3) {
            throw new CheckpointException(name + ": .npy version " + (major & 0xFF) + ": expected 1, 2 or 3");
        }
        long length = major == 1
                ? Short.toUnsignedLong(little(in, Short.BYTES, name).getShort())
                : Integer.toUnsignedLong(little(in, Integer.BYTES, name).getInt());
        if (length > LONGEST_HEADER) {
            throw new CheckpointException(name + ": .npy header of " + length + " bytes: expected at most " + LONGEST_HEADER);
        }
        Charset charset = major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
        return NpyHeader.parse(name, new String(exactly(in, (int) length, name), charset));
    }

    private static long byteCount(NpyHeader header, String name) throws CheckpointException {
        long[] shape = header.shape();
        try {
            long bytes = ArrayData.byteCount(header.dtype().type(), shape);
            if (bytes <= LARGEST_ARRAY && shape.length <= ArrayLayout.MAX_RANK) {
                return bytes;
            }
        } catch (IllegalArgumentException overflow) {
            // Reported below, like every other size that cannot be read.
        }
        throw new CheckpointException(name + ": shape " + Arrays.toString(shape) + " is too large: expected at most "
                + ArrayLayout.MAX_RANK + " axes and 2 GiB");
    }

    private static ByteBuffer little(InputStream in, int count, String name) throws IOException {
        return ByteBuffer.wrap(exactly(in, count, name)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] exactly(InputStream in, int count, String name) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new CheckpointException(
                    name + ": the file ends early, " + bytes.length + " bytes are left: expected " + count);
        }
        return bytes;
    }
}
