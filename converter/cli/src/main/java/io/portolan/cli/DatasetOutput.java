package io.portolan.cli;

import io.portolan.checkpoints.files.ExistingFileException;
import io.portolan.checkpoints.files.OutputFile;
import io.portolan.checkpoints.files.StagedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Checks the target of a data set's folder or file, which is written whole or not at all. */
final class DatasetOutput {
    /** Prefixes of the entries of a data set's folder; a folder with any other entry is not replaced. */
    private static final List<String> PREFIXES = List.of("curv_contour_length_", "difficulty_");

    private DatasetOutput() {}

    /**
     * Checks that the data set can be written.
     *
     * @param replace whether a data set that is there already may be replaced
     * @throws IOException if the target exists already or is not writable; the message says what to do
     */
    static StagedFiles at(Path target, boolean replace) throws IOException {
        if (Files.isDirectory(target)) {
            requireReplaceable(target, replace);
            return StagedFiles.beside(target, true);
        }
        OutputFile.at(target, replace);
        return StagedFiles.beside(target, replace);
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
}
