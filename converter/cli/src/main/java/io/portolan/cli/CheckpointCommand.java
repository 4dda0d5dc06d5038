package io.portolan.cli;

import io.portolan.checkpoints.CheckpointFormat;
import io.portolan.checkpoints.Checkpoints;
import io.portolan.checkpoints.OpenedCheckpoint;
import io.portolan.checkpoints.files.OutputFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "checkpoint",
        mixinStandardHelpOptions = true,
        header = "Converts checkpoints between formats.",
        subcommands = CheckpointCommand.Convert.class,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExample:%n",
        footer = "  portolan checkpoint convert checkpoint.pkl model.safetensors")
final class CheckpointCommand {

    @Command(
            name = "convert",
            mixinStandardHelpOptions = true,
            header = "Writes a checkpoint in another format.",
            description =
                    "Parameters, batch statistics, epoch, step and plain settings are kept, with the same bits, names and"
                            + " order. Content that the other format cannot hold is an error; nothing is dropped silently.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  portolan checkpoint convert checkpoint.pkl model.safetensors",
                "  portolan checkpoint convert run.tar.gz weights.npz --params ema_params",
                "  portolan checkpoint convert model.msgpack checkpoint.pkl"
            })
    static final class Convert implements Callable<Integer> {
        @Mixin
        private CheckpointFile checkpointFile;

        @Parameters(
                index = "1",
                paramLabel = "OUT",
                description =
                        "The file to write; the extension selects the format: .pkl, .npz, .safetensors or .msgpack.")
        private Path output;

        @Option(names = "--force", description = "Replace the output file if it exists.")
        private boolean force;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            CheckpointFormat format = CheckpointFormat.ofFileName(
                            output.getFileName().toString())
                    .orElseThrow(() -> new IOException(output
                            + ": the extension is not that of a format; expected one of " + CheckpointFormat.labels()));
            OutputFile target = OutputFile.at(output, force);
            OpenedCheckpoint opened = checkpointFile.open();
            target.write(out -> Checkpoints.write(opened.checkpoint(), out, format));
            spec.commandLine()
                    .getOut()
                    .println(Tables.format(
                            "wrote %s: %,d parameters in %,d arrays, %s, from %s",
                            output,
                            opened.checkpoint().parameters().parameterCount(),
                            opened.checkpoint().parameters().arrays().size(),
                            format.label(),
                            opened.format()));
            if (!opened.others().isEmpty()) {
                spec.commandLine()
                        .getOut()
                        .println("kept besides the parameters: " + CheckpointFile.listed(opened.others()));
            }
            return 0;
        }
    }
}
