package io.portolan.cli;

import io.portolan.checkpoints.files.ExistingFileException;
import io.portolan.checkpoints.files.OutputFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A data set's folder or file that is written whole or not at all: under a temporary name that ends in {@code .part} beside its
 * target, and renamed when it is complete.
 */
final class DatasetOutput implements Closeable {
    /** Prefixes of the entries of a data set's folder; a folder with any other entry is not replaced. */
    private static final List<String> PREFIXES = List.of("curv_contour_length_", "difficulty_");

    private final Path target;
    private final Path beside;

    private DatasetOutput(Path target) {
        this.target = target.toAbsolutePath();
        this.beside = sibling("part");
    }

    /**
     * Checks that the data set can be written.
     *
     * @param replace whether a data set that is there already may be replaced
     * @throws IOException if the target exists already or is not writable; the message says what to do
     */
    static DatasetOutput at(Path target, boolean replace) throws IOException {
        if (Files.isDirectory(target)) {
            requireReplaceable(target, replace);
        } else {
            OutputFile.at(target, replace);
        }
        return new DatasetOutput(target);
    }

    /** The temporary path to write to; nothing exists there yet. */
    Path path() {
        return beside;
    }

    /** Renames the finished data set to its target. */
    void commit() throws IOException {
        Path old = sibling("old");
        boolean replaces = Files.exists(target);
        if (replaces) {
            Files.move(target, old);
        }
        try {
            Files.move(beside, target);
        } catch (IOException failure) {
            if (replaces) {
                Files.move(old, target);
            }
            throw failure;
        }
        if (replaces) {
            delete(old);
        }
    }

    /** Deletes what was written, unless it was committed. */
    @Override
    public void close() throws IOException {
        if (Files.exists(beside)) {
            delete(beside);
        }
    }

    private Path sibling(String suffix) {
        return target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + "." + suffix);
    }

    private static void requireReplaceable(Path folder, boolean replace) throws IOException {
        List<Path> content;
        try (Stream<Path> files = Files.list(folder)) {
            content = files.toList();
        }
        if (!content.isEmpty() && !replace) {
            throw new ExistingFileException(folder);
        }
        for (Path path : content) {
            if (PREFIXES.stream().noneMatch(path.getFileName().toString()::startsWith)) {
                throw new IOException(folder + ": holds " + path.getFileName()
                        + ", which is not part of a data set, so the folder is not replaced; give another name");
            }
        }
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
