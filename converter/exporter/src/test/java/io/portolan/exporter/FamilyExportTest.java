package io.portolan.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.converter.ExportOptions;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.cells.TimeForm;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.golden.Closeness;
import io.portolan.graphs.golden.GoldenModel;
import io.portolan.graphs.golden.LastBits;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.images.Normalization;
import io.portolan.runtime.ModelMetadata;
import io.portolan.runtime.ModelSource;
import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.RuntimeOptions;
import io.portolan.runtime.Tensor;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every cell of every revision computes in ONNX Runtime what it computes in TensorFlow. */
class FamilyExportTest {
    private static final double LOGITS_ABSOLUTE = 5e-6;

    /** Times what the last bits of the input do to the logits. */
    private static final double ROUNDINGS = 4;

    static Stream<GoldenCase> references() {
        return Stream.concat(
                GoldenCase.family().stream().filter(golden -> !golden.isFormula()), GoldenCase.baselines().stream());
    }

    static Stream<GoldenCase> formulas() {
        return GoldenCase.family().stream().filter(GoldenCase::isFormula);
    }

    @ParameterizedTest
    @MethodSource("references")
    void theExportedModelComputesTheSameLogits(GoldenCase golden) throws Exception {
        compare(golden);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("formulas")
    void exportedModelsWithEveryOptionComputeTheSameLogits(GoldenCase golden) throws Exception {
        compare(golden);
    }

    private static void compare(GoldenCase golden) throws Exception {
        ModelConfig config = GoldenModel.config(golden);
        ModelMetadata metadata = new ModelMetadata(
                "test",
                "fused",
                "float32",
                config.toJson(),
                new ModelSource("checkpoint.pkl", "0".repeat(64)),
                Normalization.of(config.input()),
                ModelMetadata.PATHFINDER_LABELS,
                config.input());
        float[] input = golden.tensor("input").toFloats();
        try (ModelGraph graph = ModelGraph.build(golden.checkpoint(), config, Plan.FUSED, TimeForm.UNROLLED);
                OnnxModel onnx = OnnxModel.load(
                        golden.name(),
                        ExportedBytes.of(graph, List.of("logits"), metadata, ExportOptions.defaults()),
                        RuntimeOptions.defaults())) {
            float[] expected = logits(graph, input);
            double distance =
                    Closeness.between(logits(onnx, input, config), expected).maxAbsolute();
            if (distance >= LOGITS_ABSOLUTE) {
                assertThat(distance).isLessThan(ROUNDINGS * LastBits.noise(graph, input));
            }
        }
    }

    private static float[] logits(ModelGraph graph, float[] input) {
        return graph.run(input, List.of("logits")).get("logits");
    }

    private static float[] logits(OnnxModel onnx, float[] input, ModelConfig config) {
        long[] sample = config.input().sampleShape();
        long samples = input.length / LongStream.of(sample).reduce(1, Math::multiplyExact);
        long[] shape =
                LongStream.concat(LongStream.of(samples), LongStream.of(sample)).toArray();
        return onnx.run(Map.of("input", Tensor.of(input, shape))).get("logits").floats();
    }
}
