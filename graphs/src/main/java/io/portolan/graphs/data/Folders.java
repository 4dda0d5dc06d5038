package io.portolan.graphs.data;

import io.portolan.graphs.data.error.DatasetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the folders of difficulties, whose names start alike. */
final class Folders {
    /** The difficulty of data whose folders do not name one. */
    static final String UNKNOWN = "unknown";

    private Folders() {}

    /** Folders in a folder whose names start so, by name; none if it is no folder. */
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

    /** @throws DatasetException if there is none, or a choice */
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

    /** What follows a prefix in the name of a folder or of one around it; nothing if no name starts so. */
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
