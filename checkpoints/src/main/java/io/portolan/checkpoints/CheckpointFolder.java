package io.portolan.checkpoints;

import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Identifies a folder that was given instead of a checkpoint file. */
final class CheckpointFolder {
    private static final String INDEX = ".safetensors.index.json";

    /** Files of which every Orbax checkpoint has at least one. */
    private static final List<String> ORBAX = List.of(
            "_CHECKPOINT_METADATA",
            "_METADATA",
            "manifest.ocdbt",
            "ocdbt.process_0",
            "_sharding",
            "checkpoint",
            "default");

    private CheckpointFolder() {}

    /**
     * The index of the sharded model in a folder.
     *
     * @throws CheckpointException if there is none; the message says what to do instead
     */
    static Path index(Path folder) throws IOException {
        List<Path> indices;
        try (Stream<Path> files = Files.list(folder)) {
            indices = files.filter(file -> file.getFileName().toString().endsWith(INDEX))
                    .sorted()
                    .toList();
        }
        if (indices.size() == 1) {
            return indices.get(0);
        }
        if (indices.isEmpty() && ORBAX.stream().anyMatch(name -> Files.exists(folder.resolve(name)))) {
            throw new CheckpointException(
                    folder + ": this is a directory of an Orbax checkpoint, which is not read: expected a file; "
                            + "in Python, restore it and save its arrays: numpy.savez('params.npz', **flax.traverse_util.flatten_dict("
                            + "orbax.checkpoint.PyTreeCheckpointer().restore(path)['params'], sep='/'))");
        }
        throw new CheckpointException(folder + ": this is a directory with " + indices.size()
                + " indices of sharded models: expected a checkpoint file, or a directory with one *" + INDEX);
    }
}
