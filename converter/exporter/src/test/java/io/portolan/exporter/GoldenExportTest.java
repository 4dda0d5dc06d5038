package io.portolan.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.converter.ExportOptions;
import io.portolan.converter.onnx.ModelChecker;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.cells.TimeForm;
import io.portolan.graphs.config.InputForm;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.golden.Closeness;
import io.portolan.graphs.golden.GoldenModel;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.images.Normalization;
import io.portolan.runtime.ModelMetadata;
import io.portolan.runtime.ModelSource;
import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.RuntimeOptions;
import io.portolan.runtime.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The exported ONNX model computes in ONNX Runtime what the reference computed, module by module and at any batch size. */
class GoldenExportTest {
    /** As for the TensorFlow graph that the model is made of; ONNX Runtime's transforms are matrix products, which round no worse. */
    private static final double LOGITS_ABSOLUTE = 5e-6;

    private static final double RELATIVE = 2e-6;
    private static final double RELATIVE_AFTER_POOLING = 5e-6;

    /** The fused plan rounds elsewhere and has no floors. Seen: 5.2e-6. */
    private static final double RELATIVE_AFTER_POOLING_OF_FUSED = 1e-5;

    @ParameterizedTest
    @MethodSource("io.portolan.checkpoints.golden.GoldenCase#small")
    void everyModuleMatchesTheReference(GoldenCase golden) throws Exception {
        compareAllModules(golden);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("io.portolan.checkpoints.golden.GoldenCase#full")
    void modelsOfThePublishedSizeMatchTheReference(GoldenCase golden) throws Exception {
        compareAllModules(golden);
    }

    @ParameterizedTest
    @MethodSource("io.portolan.checkpoints.golden.GoldenCase#small")
    void logitsOfTheFusedPlanMatchTheReference(GoldenCase golden) throws Exception {
        compare(golden, Plan.FUSED, TimeForm.UNROLLED, List.of("logits"), RELATIVE_AFTER_POOLING_OF_FUSED);
    }

    @ParameterizedTest
    @MethodSource("io.portolan.checkpoints.golden.GoldenCase#small")
    void aScanOverTheStepsMatchesTheReference(GoldenCase golden) throws Exception {
        compare(golden, Plan.FUSED, TimeForm.SCAN, List.of("logits"), RELATIVE_AFTER_POOLING_OF_FUSED);
    }

    static Stream<GoldenCase> videos() {
        return GoldenCase.small().stream()
                .filter(golden -> GoldenModel.config(golden).inputForm() == InputForm.VIDEO);
    }

    /** One file takes videos of the recorded length, as the reference does, and of others, as the faithful plan does. */
    @ParameterizedTest
    @MethodSource("videos")
    void anOpenScanTakesAnyNumberOfFrames(GoldenCase golden) throws Exception {
        compare(golden, Plan.FUSED, TimeForm.OPEN_SCAN, List.of("logits"), RELATIVE_AFTER_POOLING_OF_FUSED);
        ModelConfig config = GoldenModel.config(golden);
        try (ModelGraph open = ModelGraph.build(golden.checkpoint(), config, Plan.FUSED, TimeForm.OPEN_SCAN);
                OnnxModel onnx = OnnxModel.load(
                        golden.name(), export(open, List.of("logits"), config), RuntimeOptions.defaults())) {
            for (int frames : new int[] {1, config.frames() + 3}) {
                ModelConfig other = config.withFrames(frames);
                try (ModelGraph faithful = ModelGraph.build(golden.checkpoint(), other, Plan.FAITHFUL)) {
                    float[] input =
                            SampleSet.random(2, faithful.sampleSize(), 11).values();
                    float[] expected = faithful.run(input, List.of("logits")).get("logits");
                    float[] actual = run(onnx, input, other).get("logits").floats();
                    // Either plan may be as far as that from the reference.
                    assertThat(Closeness.between(actual, expected).maxAbsolute())
                            .as("%d frames", frames)
                            .isLessThan(2 * LOGITS_ABSOLUTE);
                }
            }
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("io.portolan.checkpoints.golden.GoldenCase#full")
    void logitsOfTheFusedPlanMatchTheReferenceAtThePublishedSize(GoldenCase golden) throws Exception {
        compare(golden, Plan.FUSED, TimeForm.UNROLLED, List.of("logits"), RELATIVE_AFTER_POOLING_OF_FUSED);
    }

    private static void compareAllModules(GoldenCase golden) throws Exception {
        List<String> recorded = Stream.of(
                        "conv1", "norm1", "norm2", "cssm_0", "cssm_1", "norm_pre", "norm_post", "logits")
                .filter(name -> GoldenModel.expected(golden, name).isPresent())
                .toList();
        compare(golden, Plan.FAITHFUL, TimeForm.UNROLLED, recorded, RELATIVE_AFTER_POOLING);
    }

    private static void compare(
            GoldenCase golden, Plan plan, TimeForm time, List<String> recorded, double relativeAfterPooling)
            throws Exception {
        ModelConfig config = GoldenModel.config(golden);
        try (ModelGraph graph = ModelGraph.build(golden.checkpoint(), config, plan, time)) {
            byte[] exported = export(graph, recorded, config);
            assertThat(ModelChecker.isAvailable())
                    .as("the ONNX checker runs on this machine")
                    .isTrue();
            try (OnnxModel onnx = OnnxModel.load(golden.name(), exported, RuntimeOptions.defaults())) {
                float[] input = golden.tensor("input").toFloats();
                assertMatches(golden, recorded, run(onnx, input, config), relativeAfterPooling);
                assertLogitsDoNotDependOnTheBatch(golden, onnx, config, graph.sampleSize());
            }
        }
    }

    private static void assertMatches(
            GoldenCase golden, List<String> names, Map<String, Tensor> actual, double relativeAfterPooling) {
        for (String name : names) {
            float[] expected = GoldenModel.expected(golden, name).orElseThrow().toFloats();
            Closeness closeness = Closeness.between(actual.get(name).floats(), expected);
            boolean pooled = name.equals("norm_post") || name.equals("logits");
            assertThat(closeness.relative()).as(name).isLessThan(pooled ? relativeAfterPooling : RELATIVE);
            if (name.equals("logits")) {
                assertThat(closeness.maxAbsolute()).as(name).isLessThan(LOGITS_ABSOLUTE);
            }
        }
    }

    /** One file serves a batch of 1 and a batch of 3. */
    private static void assertLogitsDoNotDependOnTheBatch(
            GoldenCase golden, OnnxModel onnx, ModelConfig config, int sampleSize) {
        float[] input = golden.tensor("input").toFloats();
        float[] logits = golden.tensor("logits").toFloats();
        int samples = input.length / sampleSize;
        List<Integer> chosen = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            chosen.add(i % samples);
        }
        float[] expected = gather(logits, chosen, config.classes());
        float[] together = run(onnx, gather(input, chosen, sampleSize), config)
                .get("logits")
                .floats();
        assertThat(Closeness.between(together, expected).maxAbsolute()).isLessThan(LOGITS_ABSOLUTE);

        float[] alone = run(onnx, gather(input, List.of(0), sampleSize), config)
                .get("logits")
                .floats();
        assertThat(Closeness.between(alone, gather(logits, List.of(0), config.classes()))
                        .maxAbsolute())
                .isLessThan(LOGITS_ABSOLUTE);
    }

    private static Map<String, Tensor> run(OnnxModel onnx, float[] input, ModelConfig config) {
        long[] sample = config.input().sampleShape();
        long size = LongStream.of(sample).reduce(1, Math::multiplyExact);
        long[] shape = LongStream.concat(LongStream.of(input.length / size), LongStream.of(sample))
                .toArray();
        return onnx.run(Map.of("input", Tensor.of(input, shape)));
    }

    private static byte[] export(ModelGraph graph, List<String> outputs, ModelConfig config) throws Exception {
        ModelMetadata metadata = new ModelMetadata(
                "test",
                "faithful",
                "float32",
                config.toJson(),
                new ModelSource("checkpoint.pkl", "0".repeat(64)),
                Normalization.IMAGENET,
                ModelMetadata.PATHFINDER_LABELS,
                config.input());
        return ExportedBytes.of(graph, outputs, metadata, ExportOptions.defaults());
    }

    private static float[] gather(float[] values, List<Integer> rows, int size) {
        float[] gathered = new float[rows.size() * size];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(values, rows.get(i) * size, gathered, i * size, size);
        }
        return gathered;
    }
}
