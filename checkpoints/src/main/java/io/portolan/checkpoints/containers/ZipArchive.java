package io.portolan.checkpoints.containers;

import io.portolan.checkpoints.CheckpointException;
import io.portolan.checkpoints.Quotation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** Reads the directory of a zip archive that lies in memory. */
public final class ZipArchive {
    /** How the archive starts, unless it is empty. */
    public static final Magic MAGIC = new Magic(0, "PK\3\4");

    private ZipArchive() {
    }

    /**
     * The files of an archive in its order; folders are left out.
     *
     * @param name what errors call the archive
     * @throws CheckpointException if it is damaged, encrypted, packed in an unusual way, or holds overlapping entries,
     *     links or names that point out of it
     */
    public static List<ZipMember> members(String name, ByteBuffer bytes, UnpackingLimits limits) throws IOException {
        List<ZipMember> members = new ArrayList<>();
        try (ZipFile zip = new ZipFile.Builder().setSeekableByteChannel(new ByteBufferChannel(bytes)).get()) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                EntryNames.check(name, entry.getName());
                if (entry.isUnixSymlink()) {
                    throw EntryNames.link(name, entry.getName());
                }
                if (!entry.isDirectory()) {
                    members.add(member(name, bytes.slice(), entry, limits));
                }
            }
        } catch (CheckpointException refused) {
            throw refused;
        } catch (IOException | RuntimeException broken) {
            // The library throws whatever its arithmetic runs into when the directory makes no sense.
            throw new CheckpointException(name + ": not an intact zip archive ("
                    + Quotation.of(String.valueOf(broken.getMessage())) + "): expected an undamaged file", broken);
        }
        requireDisjoint(name, bytes, members);
        return members;
    }

    /** Entries that share their bytes would let a small file stand for any number of large ones. */
    private static void requireDisjoint(String name, ByteBuffer bytes, List<ZipMember> members) throws CheckpointException {
        long held = members.stream().mapToLong(member -> member.data().remaining()).sum();
        if (held > bytes.remaining()) {
            throw new CheckpointException(name + ": the entries take " + held + " bytes of a file of " + bytes.remaining()
                    + ": expected entries that do not overlap; the file is not to be trusted");
        }
    }

    private static ZipMember member(String archive, ByteBuffer bytes, ZipArchiveEntry entry, UnpackingLimits limits)
            throws CheckpointException {
        String label = archive + "!" + Quotation.of(entry.getName());
        boolean deflated = entry.getMethod() == ZipEntry.DEFLATED;
        if (entry.getGeneralPurposeBit().usesEncryption() || !deflated && entry.getMethod() != ZipEntry.STORED) {
            throw new CheckpointException(label + ": the entry is encrypted or packed by method " + entry.getMethod()
                    + ": expected it stored or deflated");
        }
        long start = entry.getDataOffset();
        long length = entry.getCompressedSize();
        if (start < 0 || length < 0 || start > bytes.limit() - length) {
            throw new CheckpointException(label + ": " + length + " bytes at byte " + start + " of a file of " + bytes.limit()
                    + ": expected the whole entry; the file may be cut short");
        }
        return new ZipMember(label, entry.getName(), entry.getSize(), entry.getCrc(), deflated,
                bytes.slice((int) start, (int) length), limits);
    }
}
