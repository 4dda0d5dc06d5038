package io.portolan.cli;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.OpenedCheckpoint;
import io.portolan.checkpoints.files.OutputFile;
import io.portolan.converter.ExportOptions;
import io.portolan.converter.Stages;
import io.portolan.exporter.CheckpointExportOptions;
import io.portolan.exporter.CheckpointExporter;
import io.portolan.exporter.ExportParityException;
import io.portolan.exporter.SourceCheckpoint;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ModelConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        header = "Exports a checkpoint's model as an ONNX file.",
        description =
                "Builds the model as a TensorFlow graph, converts it to ONNX, validates it with the ONNX checker, compares it"
                        + " with TensorFlow, and only then writes the file. Its metadata holds the configuration, the input"
                        + " normalisation, the labels and the checkpoint's hash.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  portolan convert checkpoint.pkl --config config.json -o model.onnx",
            "  portolan convert checkpoint.pkl -o model.onnx --set seq_len=8 --set pos_embed=spatiotemporal \\",
            "      --set act_type=softplus --set pool_type=mean --set frame_readout=last",
            "  portolan convert checkpoint.pkl --config config.json -o model.onnx --target opencv"
        })
final class ConvertCommand implements Callable<Integer> {
    static final int STAGE_WIDTH = 14;

    @Mixin
    private CheckpointOptions checkpointOptions;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "MODEL.onnx",
            description = "The file to write.")
    private Path output;

    @Option(names = "--force", description = "Replace the output file if it exists.")
    private boolean force;

    @Option(
            names = "--plan",
            defaultValue = "fused",
            description =
                    "fused: the same results with far less work; faithful: follows the reference step by step, in log"
                            + " space (default: ${DEFAULT-VALUE}).")
    private Plan plan;

    @Mixin
    private TimeOptions time;

    @Mixin
    private ExportOptionsMixin export;

    @Option(
            names = "--labels",
            split = ",",
            paramLabel = "LABEL",
            description = "Names of the classes, comma-separated. Default for two classes: disconnected,connected.")
    private List<String> labels = List.of();

    @Option(
            names = "--saved-model",
            paramLabel = "FOLDER",
            description = "Also write the TensorFlow graph, as a SavedModel that standard TensorFlow loads and serves.")
    private Optional<Path> savedModel = Optional.empty();

    @Option(names = "--no-verify", description = "Do not compare the export with TensorFlow.")
    private boolean unverified;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        long start = System.nanoTime();
        // Before the checkpoint is read, which may take long.
        OutputFile.at(output, force);
        ExportOptions converted = export.toOptions();
        Stages stages = PrintedStages.to(out, STAGE_WIDTH);
        OpenedCheckpoint opened = stages.run(
                "read",
                checkpointOptions::open,
                read -> Tables.format(
                        "%,d parameters in %d arrays",
                        read.checkpoint().parameters().parameterCount(),
                        read.checkpoint().parameters().arrays().size()));
        if (!opened.others().isEmpty()) {
            out.println("  not converted  " + CheckpointFile.listed(opened.others()));
        }
        Checkpoint checkpoint = opened.checkpoint();
        ModelConfig config = time.applied(checkpointOptions.configuration(checkpoint, Optional.empty()));
        CheckpointExportOptions options = new CheckpointExportOptions(
                converted, plan, time.form(config, plan), labels, savedModel, !unverified, force);
        SourceCheckpoint source =
                SourceCheckpoint.of(checkpoint, checkpointOptions.file(), checkpointOptions.readOptions());
        out.println("  model          " + config.toJson());
        try {
            checkpointOptions.using(() -> new CheckpointExporter(stages).export(source, config, output, options));
        } catch (ExportParityException differs) {
            out.flush();
            spec.commandLine()
                    .getErr()
                    .println("portolan: " + output + ": not written, the export differs from TensorFlow:");
            spec.commandLine().getErr().println(Tables.parity(List.of(differs.parity())));
            return Portolan.NO_PARITY;
        }
        savedModel.ifPresent(folder -> out.println("  wrote the TensorFlow SavedModel " + folder));
        out.println(Tables.format("wrote %s in %.1f s", output, (System.nanoTime() - start) / 1e9));
        return 0;
    }
}
