package io.portolan.cli;

import io.portolan.checkpoints.Checkpoints;
import io.portolan.checkpoints.OpenedCheckpoint;
import io.portolan.checkpoints.ReadOptions;
import io.portolan.checkpoints.Remainder;
import io.portolan.checkpoints.values.Quotation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The options of a checkpoint to read. */
final class CheckpointFile {
    private static final int SHOWN = 20;

    @Parameters(
            index = "0",
            paramLabel = "CHECKPOINT",
            description =
                    "A checkpoint: pickle, .npz, .safetensors or Flax MessagePack, or a directory of Orbax; compressed or in an"
                            + " archive or not.")
    private Path path;

    @Option(
            names = "--params",
            paramLabel = "PATH",
            description =
                    "The path of the parameters in the file, such as ema_params or state/params; '.' is the top level."
                            + " Needed only if several paths could hold them.")
    private String parametersAt;

    @Mixin
    private ReadOptionsMixin reading;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    Path path() {
        return path;
    }

    /** The SHA-256 of what is read. */
    String sha256() throws IOException {
        return Checkpoints.sha256(path, options());
    }

    /** Reads the checkpoint, and warns of arrays outside the parameters whose purpose is not known. */
    OpenedCheckpoint open() throws IOException {
        return open(path);
    }

    /** Reads another checkpoint with the same options. */
    OpenedCheckpoint open(Path path) throws IOException {
        OpenedCheckpoint opened = Checkpoints.open(path, options());
        List<Remainder> unexplained =
                opened.others().stream().filter(other -> !other.recognised()).toList();
        if (!unexplained.isEmpty()) {
            command.commandLine()
                    .getErr()
                    .println("portolan: WARNING: " + path + ": arrays that are not among the parameters at "
                            + Quotation.of(opened.parametersAt()) + ": " + listed(unexplained)
                            + "; if they belong to the model, choose a place that holds all of them with --params");
        }
        return opened;
    }

    /** How the file is to be read. */
    ReadOptions options() {
        ReadOptions options = reading.toOptions();
        return parametersAt == null ? options : options.withParametersAt(parametersAt);
    }

    /** The places of arrays, for a message. */
    static String listed(List<Remainder> others) {
        String first = others.stream().limit(SHOWN).map(Remainder::toString).collect(Collectors.joining(", "));
        return others.size() > SHOWN ? first + " and " + (others.size() - SHOWN) + " more" : first;
    }
}
