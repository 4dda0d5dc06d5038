package io.portolan.checkpoints.containers;

import io.portolan.checkpoints.values.ByteRegion;
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

    private record Member(String name, ByteRegion contents) implements ArchiveEntry {
        @Override
        public long size() {
            return contents.size();
        }

        @Override
        public ByteBuffer head(int count) {
            return contents.head(count);
        }
    }

    private TarArchive() {}

    /** The files of an archive, in order, as slices of it; folders are skipped and other entries refused. */
    static List<ArchiveEntry> members(String name, ByteRegion bytes) throws IOException {
        List<ArchiveEntry> members = new ArrayList<>();
        try (TarFile tar = new TarFile(new ByteRegionChannel(bytes))) {
            for (TarArchiveEntry entry : tar.getEntries()) {
                EntryNames.check(name, entry.getName());
                if (!entry.isDirectory()) {
                    members.add(member(name, bytes, entry));
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

    private static Member member(String archive, ByteRegion bytes, TarArchiveEntry entry) throws CheckpointException {
        if (!PLAIN.contains(entry.getLinkFlag()) || entry.isSparse()) {
            throw EntryNames.link(archive, entry.getName());
        }
        long start = entry.getDataOffset();
        long length = entry.getSize();
        if (start < 0 || length < 0 || start > bytes.size() - length) {
            throw new CheckpointException(archive + "!" + Quotation.of(entry.getName()) + ": " + length
                    + " bytes at byte " + start + " of a file of " + bytes.size()
                    + ": expected the whole entry; the file may be cut short");
        }
        return new Member(entry.getName(), bytes.slice(start, length));
    }
}
