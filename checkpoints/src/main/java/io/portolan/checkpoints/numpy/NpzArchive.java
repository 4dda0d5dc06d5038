package io.portolan.checkpoints.numpy;

import io.portolan.checkpoints.containers.EntryNames;
import io.portolan.checkpoints.containers.MappedFile;
import io.portolan.checkpoints.containers.UnpackingLimits;
import io.portolan.checkpoints.containers.ZipArchive;
import io.portolan.checkpoints.containers.ZipMember;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Reads and writes numpy's {@code .npz} archives: a zip file of {@code .npy} entries, stored or deflated. */
public final class NpzArchive {
    private static final String SUFFIX = ".npy";

    /**
     * Offsets in the local header of an entry: its compressed size, the lengths of name and extra field, and the name.
     */
    private static final int PACKED_SIZE = 18;

    private static final int NAME_LENGTH = 26;
    private static final int EXTRA_LENGTH = 28;
    private static final int NAME = 30;

    /** The earliest time that a zip file can hold; it is fixed, so that archives of equal arrays are equal. */
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

    private NpzArchive() {}

    /** Whether a file starts as a zip archive whose first entry, apart from folders, is an array. */
    public static boolean matches(ByteBuffer file) {
        ByteBuffer bytes = file.slice().order(ByteOrder.LITTLE_ENDIAN);
        while (ZipArchive.MAGIC.matches(bytes) && bytes.remaining() >= NAME) {
            ByteBuffer header = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
            int length = Short.toUnsignedInt(header.getShort(NAME_LENGTH));
            if (length > header.limit() - NAME) {
                return false;
            }
            String name = StandardCharsets.ISO_8859_1
                    .decode(header.slice(NAME, length))
                    .toString();
            int end = NAME + length + Short.toUnsignedInt(header.getShort(EXTRA_LENGTH));
            if (!ZipArchive.isFolder(name) || header.getInt(PACKED_SIZE) != 0 || end > header.limit()) {
                return name.endsWith(SUFFIX);
            }
            bytes.position(bytes.position() + end);
        }
        return false;
    }

    /**
     * Reads all arrays of an archive by key (the entry's name without {@code .npy}), in file order. The file is
     * memory-mapped and stored arrays are views of it, so it must not be modified while they are in use.
     *
     * @throws CheckpointException if the file is not an intact archive of such arrays
     */
    public static Map<String, ArrayData> read(Path file) throws IOException {
        return read(MappedFile.region(file), file.toString(), UnpackingLimits.defaults());
    }

    /**
     * Reads all arrays of an archive in a stream.
     *
     * @param name the archive's name in errors
     * @throws CheckpointException if the stream is not an intact archive of such arrays
     */
    public static Map<String, ArrayData> read(InputStream in, String name) throws IOException {
        return read(ByteBuffer.wrap(in.readAllBytes()), name);
    }

    /**
     * Reads all arrays of an archive in a buffer, which must not change afterwards.
     *
     * @param name the archive's name in errors
     * @throws CheckpointException if the buffer does not hold an intact archive of such arrays
     */
    public static Map<String, ArrayData> read(ByteBuffer bytes, String name) throws IOException {
        return read(ByteRegion.of(bytes), name, UnpackingLimits.defaults());
    }

    private static Map<String, ArrayData> read(ByteRegion bytes, String name, UnpackingLimits limits)
            throws IOException {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        for (Map.Entry<String, NpyPart> part :
                parts(bytes, name, limits, VoidTypes.none()).entrySet()) {
            arrays.put(part.getKey(), part.getValue().onlyArray());
        }
        return Collections.unmodifiableMap(arrays);
    }

    /**
     * Reads the headers of all arrays of an archive by key, in file order. Unlike {@link #read(ByteBuffer, String)}, it takes
     * archives of any length and arrays of objects.
     *
     * @param name the archive's name in errors
     * @param limits the limits for the total size of the deflated arrays
     * @throws CheckpointException if the bytes are not an intact archive of arrays
     */
    public static Map<String, NpyPart> parts(ByteRegion bytes, String name, UnpackingLimits limits, VoidTypes voidTypes)
            throws IOException {
        Map<String, NpyPart> parts = new LinkedHashMap<>();
        long total = 0;
        for (ZipMember member : ZipArchive.members(name, bytes, limits)) {
            if (!member.name().endsWith(SUFFIX) || member.size() < 0) {
                throw new CheckpointException(
                        member.label() + ": not an array: expected entries that end with " + SUFFIX);
            }
            total += member.deflated() ? member.size() : 0;
            limits.check(member.label(), bytes.size(), total);
            String key = member.name().substring(0, member.name().length() - SUFFIX.length());
            if (parts.put(key, NpyFile.part(member.contents(), member.label(), voidTypes)) != null) {
                throw new CheckpointException(member.label() + ": the entry is repeated: expected each name once");
            }
        }
        return parts;
    }

    /**
     * Writes arrays as {@code numpy.savez} does: stored, in order, each by its key.
     *
     * @throws CheckpointException if a key is not a valid name in an archive
     * @throws IllegalArgumentException if numpy has no such type of its own: those of ml_dtypes
     */
    public static void write(Map<String, ArrayData> arrays, OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
        for (Map.Entry<String, ArrayData> array : arrays.entrySet()) {
            EntryNames.check("npz", array.getKey() + SUFFIX);
            byte[] header =
                    NpyFile.header(array.getValue().type(), array.getValue().shape());
            zip.putNextEntry(
                    stored(array.getKey() + SUFFIX, header, array.getValue().region()));
            zip.write(header);
            array.getValue().writeTo(zip);
            zip.closeEntry();
        }
        zip.finish();
    }

    private static ZipEntry stored(String name, byte[] header, ByteRegion elements) {
        CRC32 checksum = new CRC32();
        checksum.update(header);
        elements.buffers().forEach(checksum::update);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(header.length + elements.size());
        entry.setCrc(checksum.getValue());
        entry.setTimeLocal(EPOCH);
        return entry;
    }
}
