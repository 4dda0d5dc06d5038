package io.portolan.checkpoints.numpy;

import io.portolan.checkpoints.containers.Magic;
import io.portolan.checkpoints.containers.MappedFile;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads numpy's {@code .npy} format, header versions 1 to 3, and writes version 1. */
public final class NpyFile {
    /** The magic bytes of a file. */
    public static final Magic MAGIC = new Magic(0, "\u0093NUMPY");

    private static final byte[] START = "\u0093NUMPY".getBytes(StandardCharsets.ISO_8859_1);
    private static final int LONGEST_HEADER = 1 << 16;
    private static final int LONGEST_START = START.length + 2 + Integer.BYTES + LONGEST_HEADER;

    /** The alignment of the elements. */
    private static final int ALIGNMENT = 64;

    private NpyFile() {}

    /**
     * Reads the array in a file, which is memory-mapped and must not be modified while the array is in use.
     *
     * @throws CheckpointException if the file is not exactly one array of a type that {@link DType} supports
     */
    public static ArrayData read(Path file) throws IOException {
        return read(MappedFile.region(file), file.toString());
    }

    /**
     * Reads the array in the rest of a stream. The memory grows with the bytes read, independent of the header.
     *
     * @param name the stream's name in errors
     * @throws CheckpointException if the stream is not exactly one array of a type that {@link DType} supports
     */
    public static ArrayData read(InputStream in, String name) throws IOException {
        return read(ByteBuffer.wrap(in.readAllBytes()), name);
    }

    /**
     * Reads the array in the remaining bytes of a buffer, as a view of them if they are row-major and little-endian.
     *
     * @param name the buffer's name in errors
     * @throws CheckpointException if they are not exactly one array of a type that {@link DType} supports
     */
    public static ArrayData read(ByteBuffer file, String name) throws CheckpointException {
        return read(ByteRegion.of(file), name);
    }

    /** Like {@link #read(ByteBuffer, String)}, for bytes of any length. */
    public static ArrayData read(ByteRegion file, String name) throws CheckpointException {
        return part(file, name, VoidTypes.none()).onlyArray();
    }

    /**
     * Reads the header of the array at the start of some bytes.
     *
     * @throws VoidTypeException if it does not state the type of the elements, nor do the given types
     * @throws CheckpointException if it is malformed, or of a type that is not read
     */
    public static NpyPart part(ByteRegion bytes, String name, VoidTypes voidTypes) throws CheckpointException {
        ByteBuffer start = bytes.head(LONGEST_START);
        NpyHeader header = header(start, name, voidTypes);
        return new NpyPart(name, header, bytes, start.position());
    }

    /**
     * Writes an array as numpy does.
     *
     * @throws IllegalArgumentException if numpy has no such type of its own: those of ml_dtypes
     */
    public static void write(ArrayData array, OutputStream out) throws IOException {
        out.write(header(array.type(), array.shape()));
        array.writeTo(out);
    }

    /**
     * Everything that stands before the elements of a file, which follow row-major and little-endian: for arrays that are written
     * as they are made.
     *
     * @throws IllegalArgumentException if numpy has no such type of its own: those of ml_dtypes
     */
    public static byte[] header(ElementType type, long... sizes) {
        String shape = Arrays.stream(sizes).mapToObj(size -> size + ",").collect(Collectors.joining(" "));
        String dictionary = "{'descr': '" + DType.describe(type) + "', 'fortran_order': False, 'shape': ("
                + (sizes.length > 1 ? shape.substring(0, shape.length() - 1) : shape) + "), }";
        int unpadded = START.length + 2 + Short.BYTES + dictionary.length() + 1;
        String padded = dictionary + " ".repeat(-unpadded & ALIGNMENT - 1) + "\n";
        return ByteBuffer.allocate(START.length + 2 + Short.BYTES + padded.length())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(START)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) padded.length())
                .put(padded.getBytes(StandardCharsets.US_ASCII))
                .array();
    }

    private static NpyHeader header(ByteBuffer bytes, String name, VoidTypes voidTypes) throws CheckpointException {
        if (!MAGIC.matches(bytes)) {
            throw new CheckpointException(name + ": not a .npy array: expected it to start with \\x93NUMPY");
        }
        bytes.position(START.length);
        int major = Byte.toUnsignedInt(take(bytes, 2, name).get());
        if (major < 1 || major > 3) {
            throw new CheckpointException(name + ": .npy version " + major + ": expected 1, 2 or 3");
        }
        long length = major == 1
                ? Short.toUnsignedLong(take(bytes, Short.BYTES, name).getShort())
                : Integer.toUnsignedLong(take(bytes, Integer.BYTES, name).getInt());
        if (length > LONGEST_HEADER) {
            throw new CheckpointException(
                    name + ": .npy header of " + length + " bytes: expected at most " + LONGEST_HEADER);
        }
        Charset charset = major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
        return NpyHeader.parse(
                name, charset.decode(take(bytes, (int) length, name)).toString(), voidTypes);
    }

    static long byteCount(NpyHeader header, String name) throws CheckpointException {
        long[] shape = header.shape();
        Optional<Long> bytes = Optional.empty();
        if (shape.length <= ArrayLayout.MAX_RANK) {
            bytes = ArrayData.countBytes(header.dtype().type(), shape);
        }
        return bytes.orElseThrow(() -> new CheckpointException(name + ": shape " + Arrays.toString(shape)
                + " is too large: expected at most " + ArrayLayout.MAX_RANK + " axes and 63 bits"));
    }

    private static ByteBuffer take(ByteBuffer bytes, int count, String name) throws CheckpointException {
        if (bytes.remaining() < count) {
            throw new CheckpointException(name + ": the file ends early, " + bytes.remaining()
                    + " bytes are left at byte " + bytes.position() + ": expected " + count);
        }
        ByteBuffer taken = bytes.slice(bytes.position(), count).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(bytes.position() + count);
        return taken;
    }
}
