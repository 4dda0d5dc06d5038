package io.portolan.checkpoints.containers;

import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.Quotation;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** Reads the directory of a zip archive in memory. */
public final class ZipArchive {
    /** The magic bytes of an archive, unless it is empty. */
    public static final Magic MAGIC = new Magic(0, "PK\3\4");

    /** The sizes and offsets of fields in the local header before each entry. */
    private static final int LOCAL_HEADER = 30;

    private static final int LOCAL_FLAGS = 6;
    private static final int LOCAL_NAME_LENGTH = 26;

    private static final int LONGEST_NAME = 0xffff;

    private static final int UTF8_NAME = 1 << 11;

    /** The character set of names without that flag. */
    private static final String DOS = "IBM437";

    private ZipArchive() {}

    /**
     * The files of an archive, in order, without folders.
     *
     * @param name the archive's name in errors
     * @throws CheckpointException if it is damaged, encrypted or compressed by an unsupported method, or has
     *     overlapping entries, links, or names that leave its folder
     */
    public static List<ZipMember> members(String name, ByteRegion bytes, UnpackingLimits limits) throws IOException {
        List<ZipMember> members = new ArrayList<>();
        try (ZipFile zip = new ZipFile.Builder()
                .setSeekableByteChannel(new ByteRegionChannel(bytes))
                .get()) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                String entryName = name(entry.getRawName(), entry.getRawFlag());
                EntryNames.check(name, entryName);
                requireSameName(name, entryName, bytes, entry.getLocalHeaderOffset());
                if (entry.isUnixSymlink()) {
                    throw EntryNames.link(name, entryName);
                }
                if (!isFolder(entryName)) {
                    members.add(member(name, entryName, bytes, entry, limits));
                }
            }
        } catch (CheckpointException refused) {
            throw refused;
        } catch (IOException | RuntimeException broken) {
            // The library throws arbitrary runtime exceptions for a malformed directory.
            throw new CheckpointException(
                    name + ": not an intact zip archive (" + Quotation.of(String.valueOf(broken.getMessage()))
                            + "): expected an undamaged file",
                    broken);
        }
        requireDisjoint(name, bytes, members);
        return members;
    }

    /** Whether an entry of this name is a folder, as in Python's zipfile. */
    public static boolean isFolder(String entryName) {
        return entryName.endsWith("/");
    }

    private static String name(byte[] bytes, int flags) throws UnsupportedEncodingException {
        return (flags & UTF8_NAME) == 0 ? new String(bytes, DOS) : new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * Requires the names of an entry in the directory and in its local header to agree; otherwise readers could see
     * different files.
     */
    private static void requireSameName(String archive, String name, ByteRegion bytes, long offset)
            throws CheckpointException, UnsupportedEncodingException {
        boolean same = false;
        if (offset >= 0 && offset <= bytes.size() - LOCAL_HEADER) {
            ByteBuffer header = bytes.slice(offset).head(LOCAL_HEADER + LONGEST_NAME);
            byte[] local = new byte
                    [Math.min(Short.toUnsignedInt(header.getShort(LOCAL_NAME_LENGTH)), header.limit() - LOCAL_HEADER)];
            header.get(LOCAL_HEADER, local);
            same = MAGIC.matches(header)
                    && name(local, header.getShort(LOCAL_FLAGS)).equals(name);
        }
        if (!same) {
            throw new CheckpointException(archive + ": the entry " + Quotation.of(name)
                    + " has another name in the archive's directory than before its contents: expected the same;"
                    + " the file is not to be trusted");
        }
    }

    /** Requires entries not to overlap; otherwise a small archive could expand to any number of large files. */
    private static void requireDisjoint(String name, ByteRegion bytes, List<ZipMember> members)
            throws CheckpointException {
        long held = members.stream().mapToLong(member -> member.data().size()).sum();
        if (held > bytes.size()) {
            throw new CheckpointException(name + ": the entries take " + held + " bytes of a file of " + bytes.size()
                    + ": expected entries that do not overlap; the file is not to be trusted");
        }
    }

    private static ZipMember member(
            String archive, String name, ByteRegion bytes, ZipArchiveEntry entry, UnpackingLimits limits)
            throws CheckpointException {
        String label = archive + "!" + Quotation.of(name);
        boolean deflated = entry.getMethod() == ZipEntry.DEFLATED;
        if (entry.getGeneralPurposeBit().usesEncryption() || !deflated && entry.getMethod() != ZipEntry.STORED) {
            throw new CheckpointException(label + ": the entry is encrypted or packed by method " + entry.getMethod()
                    + ": expected it stored or deflated");
        }
        long start = entry.getDataOffset();
        long length = entry.getCompressedSize();
        if (start < 0 || length < 0 || start > bytes.size() - length) {
            throw new CheckpointException(label + ": " + length + " bytes at byte " + start + " of a file of "
                    + bytes.size() + ": expected the whole entry; the file may be cut short");
        }
        return new ZipMember(
                label, name, entry.getSize(), entry.getCrc(), deflated, bytes.slice(start, length), limits);
    }
}
