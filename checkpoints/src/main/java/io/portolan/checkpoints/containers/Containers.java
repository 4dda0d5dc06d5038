package io.portolan.checkpoints.containers;

import io.portolan.checkpoints.stores.Folder;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.Quotation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Extracts a checkpoint from its containers: gzip, xz, bzip2, Zstandard, zip and tar, also nested. It works in memory
 * and within {@link UnpackingLimits}; nothing is written to disk.
 */
public final class Containers {
    private static final int DEEPEST = 4;
    private static final int HEAD = 512;
    private static final int LONGEST_HEAD = 1 << 26;
    private static final int LISTED = 10;

    private final UnpackingLimits limits;
    private final Predicate<ByteBuffer> checkpoint;
    private final FolderTest checkpointFolder;

    /** Whether the files of an archive together are a checkpoint. */
    public interface FolderTest {
        boolean test(Folder archive) throws IOException;
    }

    /**
     * The innermost file.
     *
     * @param name its name in errors
     * @param bytes its contents
     * @param folder its files, if it is an archive that is a checkpoint as a whole
     * @param layers its containers, outermost first, such as {@code gzip} and {@code tar}
     */
    public record Contents(String name, ByteRegion bytes, Optional<Folder> folder, List<String> layers) {
        /** A folder on disk, which has no containers. */
        public static Contents of(Folder folder) {
            return new Contents(folder.name(), ByteRegion.of(ByteBuffer.allocate(0)), Optional.of(folder), List.of());
        }

        /** The first bytes, from which the format is detected: more than any format needs. */
        public ByteBuffer head() {
            return bytes.head(LONGEST_HEAD);
        }
    }

    /**
     * @param checkpoint whether a file is a checkpoint, by its first bytes
     * @param checkpointFolder whether an archive is a checkpoint, by its files
     */
    public Containers(UnpackingLimits limits, Predicate<ByteBuffer> checkpoint, FolderTest checkpointFolder) {
        this.limits = limits;
        this.checkpoint = checkpoint;
        this.checkpointFolder = checkpointFolder;
    }

    /**
     * Returns the checkpoint that a file is or contains. Any other file is returned unchanged.
     *
     * @throws CheckpointException if a container is damaged, exceeds the limits, holds no checkpoint or several, or has
     *     names that leave its folder
     */
    public Contents open(String name, ByteRegion bytes) throws IOException {
        Contents contents = new Contents(name, bytes, Optional.empty(), List.of());
        while (contents.folder().isEmpty() && !checkpoint.test(contents.head())) {
            Optional<Contents> within = unwrap(contents);
            if (within.isEmpty()) {
                break;
            }
            contents = within.get();
            if (contents.layers().size() > DEEPEST) {
                throw new CheckpointException(name + ": containers within containers: expected at most " + DEEPEST
                        + " layers around a checkpoint");
            }
        }
        return contents;
    }

    private Optional<Contents> unwrap(Contents outer) throws IOException {
        String name = outer.name();
        Optional<Compression> compression = Compression.of(outer.head());
        if (compression.isPresent()) {
            ByteRegion unpacked = compression.get().unpack(name, outer.bytes(), limits);
            return Optional.of(inner(outer, compression.get().label(), name, unpacked));
        }
        if (ZipArchive.MAGIC.matches(outer.head())) {
            return Optional.of(select(outer, "zip", ZipArchive.members(name, outer.bytes(), limits)));
        }
        if (TarArchive.MAGIC.matches(outer.head())) {
            return Optional.of(select(outer, "tar", TarArchive.members(name, outer.bytes())));
        }
        return Optional.empty();
    }

    private Contents select(Contents archive, String layer, List<? extends ArchiveEntry> entries) throws IOException {
        Folder folder = ArchiveFolder.of(archive.name(), archive.bytes().size(), entries, limits);
        if (checkpointFolder.test(folder)) {
            return new Contents(archive.name(), archive.bytes(), Optional.of(folder), layers(archive, layer));
        }
        List<ArchiveEntry> candidates = new ArrayList<>();
        for (ArchiveEntry entry : entries) {
            ByteBuffer head = entry.head(HEAD);
            if (checkpoint.test(head) || isContainer(head)) {
                candidates.add(entry);
            }
        }
        if (candidates.size() != 1) {
            String found = candidates.isEmpty()
                    ? "no checkpoint among its files " + names(entries)
                    : "several checkpoints: " + names(candidates);
            throw new CheckpointException(archive.name() + ": the archive holds " + found
                    + ": expected exactly one; unpack the archive and choose a file");
        }
        ArchiveEntry chosen = candidates.get(0);
        return inner(archive, layer, archive.name() + "!" + Quotation.of(chosen.name()), chosen.contents());
    }

    private static boolean isContainer(ByteBuffer head) {
        return Compression.of(head).isPresent() || ZipArchive.MAGIC.matches(head) || TarArchive.MAGIC.matches(head);
    }

    private static Contents inner(Contents outer, String layer, String name, ByteRegion bytes) {
        return new Contents(name, bytes, Optional.empty(), layers(outer, layer));
    }

    private static List<String> layers(Contents outer, String layer) {
        List<String> layers = new ArrayList<>(outer.layers());
        layers.add(layer);
        return List.copyOf(layers);
    }

    private static String names(List<? extends ArchiveEntry> entries) {
        if (entries.isEmpty()) {
            return "(none)";
        }
        String listed = entries.stream()
                .limit(LISTED)
                .map(entry -> Quotation.of(entry.name()))
                .collect(Collectors.joining(", "));
        return entries.size() > LISTED ? listed + " and " + (entries.size() - LISTED) + " more" : listed;
    }
}
