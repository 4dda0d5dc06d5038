package io.portolan.checkpoints.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Files and folders in a temporary hidden folder beside their target, so that they can be read and checked before they are
 * published. Either all are moved to their targets or none.
 */
public final class StagedFiles implements Closeable {
    private final Path target;
    private final boolean replace;
    private final boolean replacesFolder;
    private final Path folder;

    private StagedFiles(Path target, boolean replace) throws IOException {
        this.target = target;
        this.replace = replace;
        this.replacesFolder = replace && Files.isDirectory(target);
        this.folder = Files.createDirectory(sibling(target, "part"));
    }

    /**
     * Creates the hidden folder.
     *
     * @param target the path of the file or folder to be written
     * @param replace whether existing files may be replaced; an existing folder is only replaced if it is the target itself
     * @throws IOException if the parent folder of the target is missing or not writable; the message says what to do
     */
    public static StagedFiles beside(Path target, boolean replace) throws IOException {
        Path place = target.toAbsolutePath();
        Path parent = place.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new IOException(target + ": the folder " + parent + " does not exist; create it first");
        }
        try {
            return new StagedFiles(place, replace);
        } catch (IOException refused) {
            throw new IOException(target + ": the folder " + parent + " cannot be written to", refused);
        }
    }

    /** The temporary path to write to; nothing exists there yet. Other files may be written beside it and are published with it. */
    public Path path() {
        return folder.resolve(target.getFileName());
    }

    /**
     * Moves all files to their targets, the target itself last. An existing target file is replaced atomically, so that at any moment
     * either the old or the new one exists.
     *
     * @throws IOException if that fails; the previous files are then restored, and no new ones are left. If restoring fails too, a
     *     suppressed exception names the hidden file that holds the previous content
     */
    public void publish() throws IOException {
        List<Path> former = new ArrayList<>();
        Deque<Move> done = new ArrayDeque<>();
        try {
            for (Path file : finished()) {
                Path place = target.resolveSibling(file.getFileName());
                if (file.equals(path()) && replace && !replacesFolder && Files.isRegularFile(file)) {
                    Files.move(file, place, StandardCopyOption.ATOMIC_MOVE);
                    continue;
                }
                if (replaceable(place)) {
                    Path aside = sibling(place, "old");
                    done.push(new Move(place, aside).run());
                    former.add(aside);
                }
                done.push(new Move(file, place).run());
            }
        } catch (IOException failure) {
            for (Move move : done) {
                move.undo(failure);
            }
            throw failure;
        }
        for (Path replaced : former) {
            delete(replaced);
        }
    }

    /** Deletes everything that was not published. */
    @Override
    public void close() throws IOException {
        delete(folder);
    }

    private List<Path> finished() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted(Comparator.comparing((Path file) -> file.equals(path()))
                            .thenComparing(Comparator.naturalOrder()))
                    .toList();
        }
    }

    private boolean replaceable(Path place) {
        return replace
                && Files.exists(place, LinkOption.NOFOLLOW_LINKS)
                && (!Files.isDirectory(place) || replacesFolder && place.equals(target));
    }

    private record Move(Path from, Path to) {
        Move run() throws IOException {
            Files.move(from, to);
            return this;
        }

        void undo(IOException cause) {
            try {
                Files.move(to, from);
            } catch (IOException failure) {
                cause.addSuppressed(failure);
            }
        }
    }

    /** Does not use Files.createTempFile, which makes the file, and so the finished one, readable by its owner only. */
    private static Path sibling(Path path, String suffix) {
        return path.resolveSibling("." + path.getFileName() + "." + UUID.randomUUID() + "." + suffix);
    }

    private static void delete(Path tree) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(tree)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
