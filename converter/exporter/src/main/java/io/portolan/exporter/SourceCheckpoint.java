package io.portolan.exporter;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.Checkpoints;
import io.portolan.checkpoints.ReadOptions;
import io.portolan.runtime.ModelSource;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A checkpoint to export, with its origin, which is stored in the exported file.
 *
 * @param checkpoint the checkpoint
 * @param origin the name and digest of its file
 */
public record SourceCheckpoint(Checkpoint checkpoint, ModelSource origin) {
    /**
     * Reads a checkpoint in any format, with {@link io.portolan.checkpoints.ReadOptions#defaults()}.
     *
     * @throws io.portolan.checkpoints.values.CheckpointException if the file is not a checkpoint
     * @throws IOException if the file cannot be read
     */
    public static SourceCheckpoint read(Path file) throws IOException {
        return of(Checkpoints.read(file), file);
    }

    /** Wraps a checkpoint that was read from a file; the file is read again for its digest. */
    public static SourceCheckpoint of(Checkpoint checkpoint, Path file) throws IOException {
        return of(checkpoint, file, ReadOptions.defaults());
    }

    /** Like {@link #of(Checkpoint, Path)}, for a checkpoint that was read with other options. */
    public static SourceCheckpoint of(Checkpoint checkpoint, Path file, ReadOptions options) throws IOException {
        return new SourceCheckpoint(
                checkpoint, new ModelSource(file.getFileName().toString(), Checkpoints.sha256(file, options)));
    }
}
