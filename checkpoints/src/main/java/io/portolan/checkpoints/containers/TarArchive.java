package io.portolan.checkpoints.containers;

import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.Quotation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarFile;

/** Reads the headers of a tar archive in memory. */
final class TarArchive {
    static final Magic MAGIC = new Magic(257, "ustar");

    /** The entry types of plain files. */
    private static final Set<Byte> PLAIN =
            Set.of(TarConstants.LF_OLDNORM, TarConstants.LF_NORMAL, TarConstants.LF_CONTIG);

    private record Member(String name, ByteBuffer contents) implements ArchiveEntry {
        @Override
        public ByteBuffer head(int count) {
            return contents.slice(0, Math.min(count, contents.remaining()));
        }
    }

    private TarArchive() {}

    /** The files of an archive, in order, as slices of it; folders are skipped and other entries refused. */
    static List<ArchiveEntry> members(String name, ByteBuffer bytes) throws IOException {
        List<ArchiveEntry> members = new ArrayList<>();
        try (TarFile tar = new TarFile(new ByteBufferChannel(bytes))) {
            for (TarArchiveEntry entry : tar.getEntries()) {
                EntryNames.check(name, entry.getName());
                if (!entry.isDirectory()) {
                    members.add(member(name, bytes.slice(), entry));
                }
            }
        } catch (CheckpointException refused) {
            throw refused;
        } catch (IOException | RuntimeException broken) {
            // The library throws arbitrary runtime exceptions for a malformed header.
            throw new CheckpointException(
                    name + ": not an intact tar archive (" + Quotation.of(String.valueOf(broken.getMessage()))
                            + "): expected an undamaged file",
                    broken);
        }
        return members;
    }

    private static Member member(String archive, ByteBuffer bytes, TarArchiveEntry entry) throws CheckpointException {
        if (!PLAIN.contains(entry.getLinkFlag()) || entry.isSparse()) {
            throw EntryNames.link(archive, entry.getName());
        }
        long start = entry.getDataOffset();
        long length = entry.getSize();
        if (start < 0 || length < 0 || start > bytes.limit() - length) {
            throw new CheckpointException(archive + "!" + Quotation.of(entry.getName()) + ": " + length
                    + " bytes at byte " + start + " of a file of " + bytes.limit()
                    + ": expected the whole entry; the file may be cut short");
        }
        return new Member(entry.getName(), bytes.slice((int) start, (int) length));
    }
}
