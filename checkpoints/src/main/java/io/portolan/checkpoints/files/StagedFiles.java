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
 * Files and folders that do not have their names yet: they are made in a hidden folder beside their place, where they can be
 * read and checked, and get their names together or not at all.
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
     * Makes the hidden folder.
     *
     * @param target the place of the file or folder to be made
     * @param replace whether what has one of the names already may be replaced; a folder is only if it is the target's now
     * @throws IOException if the folder that the target shall be in is missing or not writable; the message says what to do
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

    /** Where to make what shall be at the target; nothing is there yet. Other files may be made beside it, to get their names with it. */
    public Path path() {
        return folder.resolve(target.getFileName());
    }

    /**
     * Gives everything its name, the target last. A file takes the target's name from another one at once, so that at any moment
     * one of them has it.
     *
     * @throws IOException if that fails; what was there before is there still then, and nothing else is. Should even putting it
     *     back fail, a suppressed exception names the hidden file beside its place that has it
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

    /** Removes what has not got its name. */
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

    /** Not what Files.createTempFile makes: that hides the file from everybody but its owner, and the finished one with it. */
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
