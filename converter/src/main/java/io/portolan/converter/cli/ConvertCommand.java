package io.portolan.converter.cli;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.files.OutputFile;
import io.portolan.converter.export.ExportOptions;
import io.portolan.converter.export.ModelExporter;
import io.portolan.converter.export.Stages;
import io.portolan.converter.verify.ParityRow;
import io.portolan.converter.verify.SampleSet;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.cells.TimeForm;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.graphs.model.SavedModelFolder;
import io.portolan.runtime.ModelMetadata;
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
        description = "Builds the model as a TensorFlow graph, converts that to ONNX, has the ONNX checker look at it, runs it"
                + " beside TensorFlow, and only then writes the file. The file describes itself: configuration, input"
                + " normalisation, labels and the checkpoint's hash are in its metadata.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  portolan convert checkpoint.pkl --config config.json -o model.onnx",
            "  portolan convert checkpoint.pkl -o model.onnx --set seq_len=8 --set pos_embed=spatiotemporal \\",
            "      --set act_type=softplus --set pool_type=mean --set frame_readout=last",
            "  portolan convert checkpoint.pkl --config config.json -o model.onnx --target opencv"
        })
final class ConvertCommand implements Callable<Integer> {
    static final int STAGE_WIDTH = 14;

    private static final int SAMPLES = 2;
    private static final long SEED = 42;

    @Mixin
    private CheckpointOptions checkpointOptions;

    @Option(names = {"-o", "--output"}, required = true, paramLabel = "MODEL.onnx", description = "The file to write.")
    private Path output;

    @Option(names = "--force", description = "Replace the output file if it exists.")
    private boolean force;

    @Option(
            names = "--plan",
            defaultValue = "fused",
            description = "fused: the same numbers by far less work; faithful: step for step as the reference, in log"
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
            description = "Write the TensorFlow graph too, as a SavedModel that plain TensorFlow loads and serves.")
    private Path savedModel;

    @Option(names = "--no-verify", description = "Do not run the export beside TensorFlow.")
    private boolean unverified;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        long start = System.nanoTime();
        OutputFile target = OutputFile.at(output, force);
        ExportOptions options = export.toOptions();
        Stages stages = PrintedStages.to(out, STAGE_WIDTH);
        Checkpoint checkpoint = stages.run(
                "read",
                checkpointOptions::read,
                read -> Tables.format("%,d parameters in %d arrays",
                        read.parameters().parameterCount(), read.parameters().arrays().size()));
        ModelConfig config = time.applied(checkpointOptions.configuration(checkpoint, Optional.empty()));
        TimeForm form = time.form(config, plan);
        ModelMetadata metadata = ModelDescription.of(config, plan, options.weights(), checkpointOptions.file(), labels);
        out.println("  model          " + config.toJson());

        ModelExporter exporter = new ModelExporter(stages);
        try (ModelGraph graph = stages.run(
                "build graph",
                () -> checkpointOptions.build(checkpoint, config, plan, form),
                built -> built.toGraphDef().getNodeCount() + " TensorFlow nodes")) {
            byte[] model = exporter.export(graph, List.of(ModelGraph.LOGITS), metadata, options);
            if (!unverified) {
                // Whatever the plan of the export, it has to agree with the reference's own way of computing.
                try (ModelGraph faithful = checkpointOptions.build(checkpoint, config, Plan.FAITHFUL)) {
                    SampleSet samples = SampleSet.random(SAMPLES, faithful.sampleSize(), SEED);
                    ParityRow row = exporter.verify(faithful, model, samples, options.weights().tolerance());
                    if (!row.passed()) {
                        out.flush();
                        spec.commandLine().getErr().println("portolan: " + output
                                + ": not written, the export differs from TensorFlow:" + System.lineSeparator()
                                + Tables.parity(List.of(row)));
                        return Portolan.NO_PARITY;
                    }
                    model = exporter.withSelfTest(model, faithful, row);
                }
            }
            if (savedModel != null) {
                SavedModelFolder.write(graph, savedModel);
                out.println("  wrote the TensorFlow SavedModel " + savedModel);
            }
            target.write(model);
        }
        out.println(Tables.format("wrote %s in %.1f s", output, (System.nanoTime() - start) / 1e9));
        return 0;
    }
}
