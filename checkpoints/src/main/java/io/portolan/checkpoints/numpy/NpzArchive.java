package io.portolan.checkpoints.numpy;

import io.portolan.checkpoints.ArrayData;
import io.portolan.checkpoints.CheckpointException;
import io.portolan.checkpoints.Quotation;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Reads numpy's {@code .npz} archives: a zip file of {@code .npy} entries, stored or deflated. */
public final class NpzArchive {
    private static final String SUFFIX = ".npy";

    /** What all arrays of an archive may take together, so that a small file cannot unpack to more than a machine has. */
    private static final long LARGEST_TOTAL = 4L << 30;

    private NpzArchive() {
    }

    /**
     * Every array of an archive under its key (the entry's name without {@code .npy}), in file order.
     *
     * @throws CheckpointException if the file is no intact archive of such arrays
     */
    public static Map<String, ArrayData> read(Path file) throws IOException {
        return read(file, file.toString());
    }

    /**
     * Every array of an archive in a stream, which goes through a temporary file: the directory of a zip file is at its
     * end.
     *
     * @param name what errors call the archive
     * @throws CheckpointException if the stream is no intact archive of such arrays
     */
    public static Map<String, ArrayData> read(InputStream in, String name) throws IOException {
        Path copy = Files.createTempFile("portolan-", ".npz");
        try {
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            return read(copy, name);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private static Map<String, ArrayData> read(Path file, String name) throws IOException {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            long total = 0;
            for (ZipEntry entry : Collections.list(zip.entries())) {
                String label = name + "!" + Quotation.of(entry.getName());
                total += entry.getSize();
                if (!entry.getName().endsWith(SUFFIX) || entry.getSize() < 0 || total > LARGEST_TOTAL) {
                    throw new CheckpointException(label + ": not an array that can be read: expected " + SUFFIX
                            + " entries of at most " + LARGEST_TOTAL + " bytes together");
                }
                String key = entry.getName().substring(0, entry.getName().length() - SUFFIX.length());
                if (arrays.put(key, array(zip, entry, label)) != null) {
                    throw new CheckpointException(label + ": the entry is repeated: expected each name once");
                }
            }
        } catch (ZipException | EOFException | IllegalArgumentException broken) {
            throw new CheckpointException(name + ": not an intact zip archive (" + broken.getMessage() + "): expected an .npz file",
                    broken);
        }
        return Collections.unmodifiableMap(arrays);
    }

    private static ArrayData array(ZipFile zip, ZipEntry entry, String label) throws IOException {
        CRC32 checksum = new CRC32();
        try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), checksum)) {
            ArrayData array = NpyFile.read(in, label, entry.getSize());
            if (checksum.getValue() != entry.getCrc()) {
                throw new CheckpointException(label + ": the checksum does not match: expected an undamaged archive");
            }
            return array;
        }
    }
}
