package io.portolan.cli;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.converter.WeightType;
import io.portolan.exporter.ParityCheck;
import io.portolan.exporter.ParityCheck.Candidate;
import io.portolan.exporter.ParityRow;
import io.portolan.exporter.SampleSet;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.data.DataSource;
import io.portolan.graphs.data.error.DatasetException;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.graphs.training.Evaluation;
import io.portolan.graphs.training.Evaluator;
import io.portolan.runtime.ImageClassifier;
import io.portolan.runtime.ModelMetadata;
import io.portolan.runtime.RuntimeOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        header = "Verifies that an ONNX file computes the same as its checkpoint's model.",
        description =
                "Builds the checkpoint's model in TensorFlow, following the reference step by step, runs it and the ONNX file in ONNX Runtime on random"
                        + " numbers and on the given inputs, and shows the largest difference of logits; the fused plan in TensorFlow is"
                        + " compared in the same way. 'float32 noise' is the change of TensorFlow's own logits when each input element"
                        + " changes by at most its last bit; a few times that passes if it exceeds --tolerance. Without --config, the"
                        + " configuration is that of the ONNX file."
                        + " Exits with 3 if a difference exceeds the tolerance.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  portolan verify checkpoint.pkl model.onnx images/",
            "  portolan verify checkpoint.pkl model-int8.onnx --data pathfinder.npz"
        })
final class VerifyCommand implements Callable<Integer> {
    private static final int EVALUATION_BATCH = 16;

    @Mixin
    private CheckpointOptions checkpointOptions;

    @Parameters(index = "1", paramLabel = "MODEL.onnx", description = "A file that 'convert' wrote.")
    private Path model;

    @Parameters(
            index = "2..*",
            paramLabel = "INPUT",
            description = "Images, folders of images, or normalised float32 arrays in .npy or .npz.")
    private List<Path> inputs = List.of();

    @Option(
            names = "--data",
            paramLabel = "DATA",
            description =
                    "Also compare the accuracy on labelled data, as for smaller weights. " + LabelledData.DESCRIPTION)
    private String data;

    @Option(
            names = "--samples",
            defaultValue = "4",
            paramLabel = "N",
            description = "Random samples (default: ${DEFAULT-VALUE}).")
    private int randomSamples;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "N",
            description = "Seed of the random samples (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--tolerance",
            paramLabel = "X",
            description =
                    "Difference of two logits that always passes. Default, by the weights of the file: ${COMPLETION-CANDIDATES}.",
            completionCandidates = WeightTolerances.class)
    private Double tolerance;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        UnreadableInputs unreadable = new UnreadableInputs(spec.commandLine().getErr());
        Checkpoint checkpoint = checkpointOptions.read();
        // No self-test on loading: this command tests more, and reports more about a failure.
        try (ImageClassifier onnx =
                ImageClassifier.load(model, RuntimeOptions.defaults().withoutSelfTest())) {
            ModelMetadata metadata = onnx.metadata();
            ModelConfig config = checkpointOptions.configuration(checkpoint, Optional.of(metadata.modelConfig()));
            boolean sameSource = metadata.source().sha256().equals(checkpointOptions.sha256());
            double allowed =
                    tolerance == null ? WeightType.of(metadata.weights()).tolerance() : tolerance;
            try (ModelGraph faithful = checkpointOptions.build(checkpoint, config, Plan.FAITHFUL);
                    ModelGraph fused = checkpointOptions.build(checkpoint, config, Plan.FUSED)) {
                ParityCheck check = new ParityCheck(
                        faithful,
                        List.of(
                                Candidate.of("ONNX, " + metadata.plan(), onnx, allowed),
                                Candidate.of("TensorFlow, fused", fused, WeightType.FLOAT32.tolerance())));
                List<ParityRow> rows = new ArrayList<>();
                for (SampleSet samples : sampleSets(faithful, metadata, unreadable)) {
                    rows.addAll(check.compare(samples));
                }
                Map<String, Evaluation> accuracies = new LinkedHashMap<>();
                if (data != null) {
                    accuracies.put("TensorFlow, fused", accuracy(Evaluator.of(fused, config.classes()), metadata));
                    accuracies.put("ONNX, " + metadata.plan(), accuracy(Evaluators.of(onnx), metadata));
                }
                return report(rows, accuracies, sameSource, metadata) ? unreadable.exitCode() : Portolan.NO_PARITY;
            }
        }
    }

    private List<SampleSet> sampleSets(ModelGraph graph, ModelMetadata metadata, UnreadableInputs unreadable) {
        List<SampleSet> sets = new ArrayList<>();
        if (randomSamples > 0) {
            sets.add(SampleSet.random(randomSamples, graph.sampleSize(), seed));
        }
        Samples reader = new Samples(metadata.input(), metadata.normalization());
        for (Path path : inputs) {
            List<Samples.Sample> samples = new ArrayList<>();
            for (Path file : Samples.expand(List.of(path), unreadable)) {
                samples.addAll(unreadable.tried(file, reader::read).orElse(List.of()));
            }
            if (!samples.isEmpty()) {
                sets.add(Samples.concatenated(path.toString(), samples));
            }
        }
        return sets;
    }

    private Evaluation accuracy(Evaluator evaluator, ModelMetadata metadata) throws IOException {
        return evaluator
                .evaluate(new DataSource(data), metadata.input(), Optional.empty(), EVALUATION_BATCH)
                .orElseThrow(() -> new DatasetException(data + ": has no samples"));
    }

    /** Prints the comparison; returns whether all of it is within the tolerance. */
    private boolean report(
            List<ParityRow> rows, Map<String, Evaluation> accuracies, boolean sameSource, ModelMetadata metadata) {
        boolean passed = rows.stream().allMatch(ParityRow::passed);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("passed", passed);
            report.put("made_from_this_checkpoint", sameSource);
            report.put("comparisons", rows);
            Map<String, Object> measured = new LinkedHashMap<>();
            accuracies.forEach((form, evaluation) -> measured.put(
                    form,
                    Map.of(
                            "samples",
                            evaluation.samples(),
                            "accuracy",
                            evaluation.accuracy(),
                            "loss",
                            evaluation.loss())));
            report.put("accuracies", measured);
            out.println(Json.of(report));
        } else {
            out.println(Tables.parity(rows));
            if (!accuracies.isEmpty()) {
                out.println(Tables.accuracies(accuracies));
            }
            out.println(
                    sameSource
                            ? "The file was made from this checkpoint (SHA-256)."
                            : "According to its metadata, the file was made from another checkpoint: "
                                    + metadata.source().fileName() + ", SHA-256 "
                                    + metadata.source().sha256());
        }
        return passed;
    }
}
