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
 * A folder or file of samples to be written as a whole or not at all: it grows beside its place under a name that ends in
 * {@code .part}, and takes its own name when it is complete.
 */
final class DatasetOutput implements Closeable {
    /** What the top of a data set's folder holds; a folder with anything else is not replaced. */
    private static final List<String> PREFIXES = List.of("curv_contour_length_", "difficulty_");

    private final Path target;
    private final Path beside;

    private DatasetOutput(Path target) {
        this.target = target.toAbsolutePath();
        this.beside = sibling("part");
    }

    /**
     * Makes sure that the data set can be written.
     *
     * @param replace whether a data set that is there already may be replaced
     * @throws IOException if the place is taken or not writable; the message says what to do
     */
    static DatasetOutput at(Path target, boolean replace) throws IOException {
        if (Files.isDirectory(target)) {
            requireReplaceable(target, replace);
        } else {
            OutputFile.at(target, replace);
        }
        return new DatasetOutput(target);
    }

    /** Where to write; nothing is there yet. */
    Path path() {
        return beside;
    }

    /** Gives the finished data set its name. */
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

    /** Deletes what was written, unless it has its name. */
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
                        + ", which is no data set, and is not replaced;" + " give another name");
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
