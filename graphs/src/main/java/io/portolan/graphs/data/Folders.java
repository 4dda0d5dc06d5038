package io.portolan.graphs.data;

import io.portolan.graphs.data.error.DatasetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the folders of difficulties, which share a name prefix. */
final class Folders {
    /** The difficulty's name if no folder states it. */
    static final String UNKNOWN = "unknown";

    private Folders() {}

    /** The subfolders whose names start with a prefix, sorted by name; empty if {@code folder} is not a folder. */
    static List<Path> starting(Path folder, String prefix) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> content = Files.list(folder)) {
            return content.filter(path -> name(path).startsWith(prefix) && Files.isDirectory(path))
                    .sorted()
                    .toList();
        }
    }

    /** @throws DatasetException if there is none, or more than one */
    static Path onlyOne(Path folder, String prefix) throws IOException {
        List<Path> found = starting(folder, prefix);
        if (found.size() != 1) {
            throw new DatasetException(folder
                    + (found.isEmpty()
                            ? ": holds no " + prefix + "* folder"
                            : ": holds several difficulties; give one of "
                                    + found.stream().map(Path::toString).collect(Collectors.joining(", "))));
        }
        return found.get(0);
    }

    /**
     * The part after a prefix in the name of a folder or one of its parents; {@link #UNKNOWN} if no name has the
     * prefix.
     */
    static String difficulty(Path folder, String prefix) {
        for (Path at = folder.toAbsolutePath().normalize(); at.getFileName() != null; at = at.getParent()) {
            if (name(at).startsWith(prefix)) {
                return name(at).substring(prefix.length());
            }
        }
        return UNKNOWN;
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }
}
