package io.portolan.graphs.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.cells.TimeForm;
import io.portolan.graphs.config.InputForm;
import io.portolan.graphs.model.ModelGraph;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The TensorFlow graph computes what the reference computed, module by module. */
class GoldenParityTest {
    /** Seen: at most 1.6e-6. float32 scans of up to 16 log-space steps leave a few ulps of their largest state. */
    private static final double LOGITS_ABSOLUTE = 5e-6;

    /** Seen: at most 1e-6 in every module but the pooled vector and what follows it. */
    private static final double RELATIVE = 2e-6;

    /** The layer norm of a pooled vector takes differences of near-equal numbers. Seen: 2.8e-6 with AVX-512. */
    private static final double RELATIVE_AFTER_POOLING = 5e-6;

    /**
     * Processors sum in lanes of different widths, and the norm of a pooled vector amplifies the difference: 5.4e-6,
     * and 6.9e-6 in logits, were seen with AVX2. So a few times the effect of the input's last bits is accepted too, as
     * in all comparisons of the project.
     */
    private static final double ROUNDINGS = 4;

    /** The fused plan rounds elsewhere and has no floors. Seen: at most 2e-6. */
    private static final double LOGITS_ABSOLUTE_OF_FUSED = 1e-5;

    @ParameterizedTest
    @MethodSource("io.portolan.checkpoints.golden.GoldenCase#small")
    void logitsOfTheFusedPlanMatchTheReference(GoldenCase golden) {
        compareFused(golden, TimeForm.UNROLLED);
    }

    @ParameterizedTest
    @MethodSource("io.portolan.checkpoints.golden.GoldenCase#small")
    void aLoopOverTheStepsComputesTheSame(GoldenCase golden) {
        compareFused(golden, TimeForm.SCAN);
    }

    static Stream<GoldenCase> videos() {
        return GoldenCase.small().stream()
                .filter(golden -> GoldenModel.config(golden).inputForm() == InputForm.VIDEO);
    }

    @ParameterizedTest
    @MethodSource("videos")
    void aVideoMayHaveAnyNumberOfFrames(GoldenCase golden) {
        compareFused(golden, TimeForm.OPEN_SCAN);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("io.portolan.checkpoints.golden.GoldenCase#full")
    void logitsOfTheFusedPlanMatchTheReferenceAtThePublishedSize(GoldenCase golden) {
        compareFused(golden, TimeForm.UNROLLED);
    }

    private static void compareFused(GoldenCase golden, TimeForm time) {
        try (ModelGraph graph = ModelGraph.build(golden.checkpoint(), GoldenModel.config(golden), Plan.FUSED, time)) {
            float[] logits = graph.run(golden.tensor("input").toFloats(), List.of("logits"))
                    .get("logits");
            assertThat(Closeness.between(logits, golden.tensor("logits").toFloats())
                            .maxAbsolute())
                    .isLessThan(LOGITS_ABSOLUTE_OF_FUSED);
        }
    }

    @ParameterizedTest
    @MethodSource("io.portolan.checkpoints.golden.GoldenCase#small")
    void everyModuleMatchesTheReference(GoldenCase golden) {
        compare(golden);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("io.portolan.checkpoints.golden.GoldenCase#full")
    void modelsOfThePublishedSizeMatchTheReference(GoldenCase golden) {
        compare(golden);
    }

    /**
     * The change of an output when input values are moved at random, with a fixed seed, to an adjacent float or not at
     * all.
     */
    private static Closeness noise(ModelGraph graph, GoldenCase golden, String output, float[] result) {
        float[] input = golden.tensor("input").toFloats().clone();
        Random random = new Random(5);
        for (int i = 0; i < input.length; i++) {
            input[i] = switch (random.nextInt(3)) {
                case 0 -> Math.nextDown(input[i]);
                case 1 -> Math.nextUp(input[i]);
                default -> input[i];
            };
        }
        return Closeness.between(graph.run(input, List.of(output)).get(output), result);
    }

    private static void compare(GoldenCase golden) {
        try (ModelGraph graph = ModelGraph.build(golden.checkpoint(), GoldenModel.config(golden), Plan.FAITHFUL)) {
            List<String> recorded = graph.outputTensors().keySet().stream()
                    .filter(name -> GoldenModel.expected(golden, name).isPresent())
                    .toList();
            assertThat(recorded).contains("logits");

            Map<String, float[]> actual = graph.run(golden.tensor("input").toFloats(), recorded);
            recorded.forEach(name -> {
                float[] expected =
                        GoldenModel.expected(golden, name).orElseThrow().toFloats();
                Closeness closeness = Closeness.between(actual.get(name), expected);
                boolean pooled = name.equals("norm_post") || name.equals("logits");
                if (!pooled) {
                    assertThat(closeness.relative()).as(name).isLessThan(RELATIVE);
                    return;
                }
                Closeness noise = noise(graph, golden, name, actual.get(name));
                assertThat(closeness.relative())
                        .as(name)
                        .isLessThan(Math.max(RELATIVE_AFTER_POOLING, ROUNDINGS * noise.relative()));
                if (name.equals("logits")) {
                    assertThat(closeness.maxAbsolute())
                            .as(name)
                            .isLessThan(Math.max(LOGITS_ABSOLUTE, ROUNDINGS * noise.maxAbsolute()));
                }
            });
        }
    }
}
