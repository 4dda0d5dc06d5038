package io.portolan.exporter;

import io.portolan.converter.Destination;
import io.portolan.converter.ExportPipeline;
import io.portolan.converter.StagedExport;
import io.portolan.converter.Stages;
import io.portolan.converter.WeightType;
import io.portolan.converter.onnx.StagedModel;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.graphs.model.SavedModelFolder;
import io.portolan.runtime.ImageClassifier;
import io.portolan.runtime.ModelMetadata;
import io.portolan.runtime.RuntimeOptions;
import io.portolan.runtime.SelfTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Exports the model of a checkpoint as an ONNX file that is verified to compute the same as the reference. */
public final class CheckpointExporter {
    private static final int SAMPLES = 2;
    private static final long SEED = 42;

    /** The smallest tolerance of the self-test: other processors and devices add in another order; browsers differ by up to 3.3e-5, and three times that may pass. */
    private static final double ON_OTHER_MACHINES = 1e-4;

    private final Stages stages;

    /** An exporter that does not report its stages. */
    public CheckpointExporter() {
        this(Stages.silent());
    }

    /** An exporter that reports its stages. */
    public CheckpointExporter(Stages stages) {
        this.stages = stages;
    }

    /**
     * Builds the checkpoint's model as a TensorFlow graph, converts it to ONNX, runs the ONNX checker on it, compares it with the
     * TensorFlow graph that follows the reference step by step, and only then writes the file.
     *
     * @param config the configuration of the model, from {@link io.portolan.graphs.config.ConfigResolver}
     * @param output the file to write
     * @return the result of the export
     * @throws io.portolan.graphs.config.ConfigException if the number of labels is not that of the classes
     * @throws io.portolan.graphs.layers.WeightsException if the checkpoint's arrays are not precisely the model's
     * @throws io.portolan.converter.lowering.ConversionException if the graph cannot be converted
     * @throws io.portolan.converter.onnx.OpsetException if the opset lacks operators that the model needs
     * @throws io.portolan.converter.TargetException if the target runtime lacks some
     * @throws io.portolan.converter.onnx.InvalidModelException if the checker rejects the result
     * @throws io.portolan.runtime.ModelException if ONNX Runtime cannot run the result
     * @throws ExportParityException if the result differs from the reference by more than the tolerance
     * @throws IOException if a file cannot be written
     */
    public ExportReport export(
            SourceCheckpoint source, ModelConfig config, Path output, CheckpointExportOptions options)
            throws IOException {
        Destination destination = new Destination(output, options.replace(), false);
        destination.requireWritable();
        List<Stages.Stage> done = new ArrayList<>();
        Stages reported = stages.reportingTo(done::add);
        WeightType weights = options.export().weights();
        ModelMetadata metadata =
                ModelDescription.of(config, options.plan(), weights, source.origin(), options.labels());
        try (ModelGraph graph = reported.run(
                        "build graph",
                        () -> ModelGraph.build(source.checkpoint(), config, options.plan(), options.timeOf(config)),
                        built -> built.toGraphDef().getNodeCount() + " TensorFlow nodes");
                StagedExport staged = new ExportPipeline(reported, options.export())
                        .export(pipelineSource(graph, List.of(ModelGraph.LOGITS)), metadata.toMap(), destination)) {
            StagedModel model = staged.model();
            Optional<Proof> proof =
                    options.verify() ? Optional.of(proof(reported, source, config, model, weights)) : Optional.empty();
            Optional<SelfTest> test = proof.flatMap(Proof::selfTest);
            if (test.isPresent()) {
                model.add(ModelMetadata.toMap(test.get()));
            }
            if (options.savedModel().isPresent()) {
                SavedModelFolder.write(graph, options.savedModel().get());
            }
            long bytes = model.bytes();
            List<Path> files = model.publish();
            return new ExportReport(
                    metadata, staged.checked(), proof.map(Proof::row), test.isPresent(), files, bytes, done);
        }
    }

    /**
     * The agreement of a model with the reference.
     *
     * @param selfTest the self-test to store in the file; empty if its samples are too large
     */
    record Proof(ParityRow row, Optional<SelfTest> selfTest) {}

    /** Compares the model with the faithful plan, whatever the plan of the export. */
    static Proof proof(
            Stages stages, SourceCheckpoint source, ModelConfig config, StagedModel model, WeightType weights) {
        try (ModelGraph faithful = ModelGraph.build(source.checkpoint(), config, Plan.FAITHFUL)) {
            ParityRow row = stages.run(
                    "verify",
                    () -> compared(faithful, model.file(), weights.tolerance()),
                    compared -> String.format(
                            Locale.ROOT, "largest difference of two logits %.1e", compared.maxAbsolute()));
            if (!row.passed()) {
                throw new ExportParityException(row);
            }
            return new Proof(row, selfTest(faithful, row));
        }
    }

    private static ParityRow compared(ModelGraph faithful, Path file, double tolerance) {
        SampleSet samples = SampleSet.random(SAMPLES, faithful.sampleSize(), SEED);
        try (ImageClassifier model = ImageClassifier.load(file, RuntimeOptions.defaults(), 1)) {
            ParityCheck.Candidate candidate = ParityCheck.Candidate.of("ONNX", model, tolerance);
            return new ParityCheck(faithful, List.of(candidate))
                    .compare(samples)
                    .get(0);
        }
    }

    private static Optional<SelfTest> selfTest(ModelGraph faithful, ParityRow proven) {
        if (!SelfTest.suits(faithful.sampleSize())) {
            return Optional.empty();
        }
        float[] logits = faithful.run(SelfTest.sample(SEED, faithful.sampleSize()), List.of(ModelGraph.LOGITS))
                .get(ModelGraph.LOGITS);
        List<Float> expected =
                IntStream.range(0, logits.length).mapToObj(i -> logits[i]).toList();
        return Optional.of(new SelfTest(SEED, expected, Math.max(ON_OTHER_MACHINES, proven.tolerance())));
    }

    /**
     * The pipeline's source of a model's graph; outputs of modules are named after the modules.
     *
     * @param outputs the names among {@link ModelGraph#outputTensors} to export
     */
    static ExportPipeline.Source pipelineSource(ModelGraph model, List<String> outputs) {
        Map<String, String> names = new LinkedHashMap<>();
        outputs.forEach(output -> names.put(model.outputTensors().get(output), output));
        return new ExportPipeline.Source(model.toGraphDef(), Map.of(ModelGraph.INPUT, ModelGraph.INPUT), names);
    }
}
