package io.portolan.cli;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.exporter.ModelDescription;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.data.DataSource;
import io.portolan.graphs.data.Split;
import io.portolan.graphs.data.error.DatasetException;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.graphs.training.Evaluation;
import io.portolan.graphs.training.Evaluator;
import io.portolan.images.ImageInput;
import io.portolan.runtime.ImageClassifier;
import io.portolan.runtime.RuntimeOptions;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        header = "Measures a checkpoint or an ONNX file on labelled data.",
        description = "Prints the loss (mean softmax cross-entropy), the accuracy, the confusion matrix and the speed."
                + " CHECKPOINT may be an .onnx file that 'convert' wrote; TensorFlow is then not used.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  portolan evaluate run/best.pkl --data pathfinder",
            "  portolan evaluate model.onnx --data pathfinder.npz --split all --json"
        })
final class EvaluateCommand implements Callable<Integer> {
    @Mixin
    private CheckpointOptions checkpointOptions;

    @Mixin
    private SelfTestOption selfTest;

    @Option(names = "--data", required = true, paramLabel = "DATA", description = LabelledData.DESCRIPTION)
    private String data;

    @Option(
            names = "--split",
            defaultValue = "test",
            paramLabel = "SPLIT",
            description = "train, val, test or all (default: ${DEFAULT-VALUE}).")
    private String split;

    @Option(
            names = "--batch",
            defaultValue = "32",
            paramLabel = "N",
            description = "Batch size (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (batch < 1) {
            throw new ParameterException(spec.commandLine(), "--batch is " + batch + "; expected 1 or more");
        }
        if (checkpointOptions.file().toString().endsWith(".onnx")) {
            try (ImageClassifier model =
                    ImageClassifier.load(checkpointOptions.file(), selfTest.applied(RuntimeOptions.throughput()))) {
                report(model.metadata().labels(), evaluate(model.metadata().input(), Evaluators.of(model)));
            }
            return 0;
        }
        Checkpoint checkpoint = checkpointOptions.read();
        ModelConfig config = checkpointOptions.configuration(checkpoint, Optional.empty());
        try (ModelGraph model = checkpointOptions.build(checkpoint, config, Plan.FUSED)) {
            report(
                    ModelDescription.labels(config.classes(), List.of()),
                    evaluate(config.input(), Evaluator.of(model, config.classes())));
        }
        return 0;
    }

    private Evaluation evaluate(ImageInput input, Evaluator evaluator) throws IOException {
        return evaluator
                .evaluate(new DataSource(data), input, part(), batch)
                .orElseThrow(() -> new DatasetException(data + ": has no samples in " + split + "; try --split all"));
    }

    /** The chosen part; empty for all samples. */
    private Optional<Split> part() {
        if (split.equals("all")) {
            return Optional.empty();
        }
        return Optional.of(Arrays.stream(Split.values())
                .filter(part -> part.label().equals(split))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "--split is '" + split + "'; expected train, val, test or all")));
    }

    private void report(List<String> labels, Evaluation evaluation) {
        if (json) {
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("samples", evaluation.samples());
            report.put("loss", evaluation.loss());
            report.put("accuracy", evaluation.accuracy());
            report.put("labels", labels);
            report.put("confusion", evaluation.confusion());
            report.put("images_per_second", evaluation.imagesPerSecond());
            spec.commandLine().getOut().println(Json.of(report));
            return;
        }
        Map<String, String> figures = new LinkedHashMap<>();
        figures.put("samples", Tables.format("%,d (%s)", evaluation.samples(), split));
        figures.put("loss", Tables.format("%.5f", evaluation.loss()));
        figures.put("accuracy", Tables.format("%.2f %%", 100 * evaluation.accuracy()));
        figures.put("speed", Tables.format("%,.0f images/s", evaluation.imagesPerSecond()));
        spec.commandLine().getOut().println(Tables.pairs(figures));
        spec.commandLine().getOut().println(Tables.confusion(labels, evaluation.confusion()));
    }
}
