package io.portolan.converter.export;

import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.onnx.ModelChecker;
import io.portolan.converter.onnx.OnnxWriter;
import io.portolan.converter.passes.PassPipeline;
import io.portolan.converter.tensorflow.TensorFlowImporter;
import io.portolan.converter.tensorflow.handlers.StandardHandlers;
import io.portolan.converter.verify.ParityCheck;
import io.portolan.converter.verify.ParityRow;
import io.portolan.converter.verify.SampleSet;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.runtime.ImageClassifier;
import io.portolan.runtime.ModelMetadata;
import io.portolan.runtime.RuntimeOptions;
import io.portolan.runtime.SelfTest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** Makes an ONNX model of a TensorFlow graph, and has it checked before anybody gets to see it. */
public final class ModelExporter {
    private static final long SELF_TEST_SEED = 42;

    /** Other processors and devices add up in another order: browsers differ by up to 3.3e-5, three times which may pass. */
    private static final double ON_OTHER_MACHINES = 1e-4;

    private final Stages stages;

    public ModelExporter(Stages stages) {
        this.stages = stages;
    }

    /**
     * Converts a model and has ONNX's own checker look at the result.
     *
     * @param outputs which of {@link ModelGraph#outputTensors} the ONNX model shall have
     * @return the serialised model
     * @throws io.portolan.converter.tensorflow.ConversionException if the graph cannot be converted
     * @throws io.portolan.converter.onnx.OpsetException if the opset lacks operators that the model needs
     * @throws io.portolan.converter.passes.TargetException if the runtime that the model is meant for lacks some
     * @throws io.portolan.converter.onnx.InvalidModelException if the checker refuses the result
     */
    public byte[] export(ModelGraph model, List<String> outputs, ModelMetadata metadata, ExportOptions options)
            throws Exception {
        OnnxGraph graph = stages.run(
                "import graph",
                () -> new TensorFlowImporter(StandardHandlers.registry())
                        .withBatch(options.batch())
                        .importGraph(model.toGraphDef(), Map.of(ModelGraph.INPUT, ModelGraph.INPUT), tensors(model, outputs)),
                imported -> imported.nodes().size() + " ONNX nodes");
        stages.run("simplify", () -> options.simplify(graph), steps -> graph.nodes().size() + " nodes left");
        byte[] bytes = stages.run(
                "serialise",
                () -> OnnxWriter.write(graph, metadata.toMap(), options.opset()).toByteArray(),
                written -> String.format(Locale.ROOT, "%,d bytes", written.length));
        stages.run("check", () -> ModelChecker.check(bytes, options.opset()), result -> describe(result, options.opset()));
        return bytes;
    }

    /** Runs an exported model beside the TensorFlow graph of the same checkpoint that goes step for step as the reference. */
    public ParityRow verify(ModelGraph faithful, byte[] exported, SampleSet samples, double tolerance) throws Exception {
        return stages.run(
                "verify",
                () -> {
                    try (ImageClassifier model = ImageClassifier.load("the exported model", exported, RuntimeOptions.defaults(), 1)) {
                        ParityCheck.Candidate candidate = ParityCheck.Candidate.of("ONNX", model, tolerance);
                        return new ParityCheck(faithful, List.of(candidate)).compare(samples).get(0);
                    }
                },
                row -> String.format(Locale.ROOT, "largest difference of two logits %.1e", row.maxAbsolute()));
    }

    /**
     * Gives a model that agrees with the reference a sample to prove itself by, wherever it is loaded.
     *
     * @param proven how well it agrees
     * @return the model with the {@link SelfTest} in its metadata; as it was if its samples are too large
     */
    public byte[] withSelfTest(byte[] exported, ModelGraph faithful, ParityRow proven) {
        if (!SelfTest.suits(faithful.sampleSize())) {
            return exported;
        }
        float[] logits = faithful.run(SelfTest.sample(SELF_TEST_SEED, faithful.sampleSize()), List.of(ModelGraph.LOGITS))
                .get(ModelGraph.LOGITS);
        List<Float> expected = IntStream.range(0, logits.length).mapToObj(i -> logits[i]).toList();
        SelfTest test = new SelfTest(SELF_TEST_SEED, expected, Math.max(ON_OTHER_MACHINES, proven.tolerance()));
        return OnnxWriter.withMetadata(exported, ModelMetadata.toMap(test));
    }

    /** TensorFlow tensor to ONNX name; a module's output is named as the module. */
    private static Map<String, String> tensors(ModelGraph model, List<String> outputs) {
        Map<String, String> names = new LinkedHashMap<>();
        outputs.forEach(output -> names.put(model.outputTensors().get(output), output));
        return names;
    }

    static String describe(ModelChecker.Result result, Opset opset) {
        return switch (result) {
            case VALID -> "accepted by the ONNX checker and its shape inference";
            case TOO_NEW -> "NOT CHECKED: the ONNX checker knows opsets up to " + ModelChecker.NEWEST_OPSET + ", this is " + opset;
            case NOT_AVAILABLE -> "NOT CHECKED: there is no build of the ONNX checker for this machine";
        };
    }
}
