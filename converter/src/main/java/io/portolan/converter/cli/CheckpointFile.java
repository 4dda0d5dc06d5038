package io.portolan.converter.cli;

import io.portolan.checkpoints.Checkpoints;
import io.portolan.checkpoints.OpenedCheckpoint;
import io.portolan.checkpoints.ReadOptions;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The checkpoint that a command reads, and how. */
final class CheckpointFile {
    @Parameters(
            index = "0",
            paramLabel = "CHECKPOINT",
            description = "A checkpoint: pickle, .npz, .safetensors or Flax MessagePack, compressed or in an archive or not.")
    private Path path;

    @Option(
            names = "--params",
            paramLabel = "PATH",
            description = "Where in the file the parameters are, such as ema_params or state/params; '.' is the top level."
                    + " Needed only where there are several places.")
    private String parametersAt;

    @Option(
            names = "--lenient",
            description = "Keep what a pickle holds of unknown kinds as inert entries instead of refusing the file. Nothing in it"
                    + " is executed either way.")
    private boolean lenient;

    Path path() {
        return path;
    }

    OpenedCheckpoint open() throws IOException {
        ReadOptions options = ReadOptions.defaults().withLenient(lenient);
        return Checkpoints.open(path, parametersAt == null ? options : options.withParametersAt(parametersAt));
    }
}
