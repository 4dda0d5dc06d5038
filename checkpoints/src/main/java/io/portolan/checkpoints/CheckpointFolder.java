package io.portolan.checkpoints;

import io.portolan.checkpoints.orbax.OrbaxDirectory;
import io.portolan.checkpoints.stores.DiskFolder;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Identifies a folder that was given instead of a checkpoint file. */
final class CheckpointFolder {
    private static final String INDEX = ".safetensors.index.json";

    /** As Flax's {@code save_checkpoint} names the files of a run, each of which is a checkpoint. */
    private static final Pattern OF_STEP = Pattern.compile(".*_(?<step>\\d{1,18})", Pattern.DOTALL);

    private CheckpointFolder() {}

    /**
     * The index of the sharded model in a folder; empty if it is a directory of Orbax.
     *
     * @throws CheckpointException if it is neither
     */
    static Optional<Path> index(Path folder) throws IOException {
        List<Path> indices;
        try (Stream<Path> files = Files.list(folder)) {
            indices = files.filter(file -> file.getFileName().toString().endsWith(INDEX))
                    .sorted()
                    .toList();
        }
        if (indices.size() == 1) {
            return Optional.of(indices.get(0));
        }
        if (indices.isEmpty() && OrbaxDirectory.in(DiskFolder.open(folder)).isPresent()) {
            return Optional.empty();
        }
        Optional<Path> latest = latestStep(folder);
        if (latest.isPresent()) {
            throw new CheckpointException(
                    folder + ": this is a directory of checkpoints, one file for each step: expected"
                            + " one of the files, such as " + latest.get());
        }
        throw new CheckpointException(folder + ": this is a directory with " + indices.size()
                + " indices of sharded models: expected a checkpoint file, a directory of Orbax, or one with a single *"
                + INDEX);
    }

    private static Optional<Path> latestStep(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> step(file) >= 0 && Files.isRegularFile(file))
                    .max(Comparator.comparingLong(CheckpointFolder::step));
        }
    }

    private static long step(Path file) {
        Matcher name = OF_STEP.matcher(file.getFileName().toString());
        return name.matches() ? Long.parseLong(name.group("step")) : -1;
    }
}
