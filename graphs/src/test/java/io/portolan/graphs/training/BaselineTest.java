package io.portolan.graphs.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.golden.Closeness;
import io.portolan.graphs.golden.GoldenModel;
import io.portolan.graphs.golden.LastBits;
import io.portolan.graphs.model.ModelGraph;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** hGRU and the vision transformer compute, learn and keep statistics as their second implementations in JAX do. */
class BaselineTest {
    /** Seen: 1e-6. */
    private static final double LOGITS = 5e-6;

    /** With the statistics of three samples. Seen: 5.1e-6. */
    private static final double TRAINING_LOGITS = 1e-5;

    private static final double LOSS = 2e-6;
    private static final double STATISTICS = 1e-6;
    private static final double RELATIVE = 3e-5;

    /** Times what the last bits of the input do to a gradient: that of a norm's few pooled numbers nearly cancels. */
    private static final double ROUNDINGS = 4;

    /** A bias before a batch norm has no effect; its gradient is rounding, in JAX too. */
    private static final double ZERO = 1e-5;

    @ParameterizedTest
    @MethodSource("io.portolan.checkpoints.golden.GoldenCase#baselines")
    void logitsMatchJax(GoldenCase golden) {
        ModelConfig config = GoldenModel.config(golden);
        for (Plan plan : Plan.values()) {
            try (ModelGraph graph = ModelGraph.build(golden.checkpoint(), config, plan)) {
                float[] logits = graph.run(golden.tensor("input").toFloats(), List.of(ModelGraph.LOGITS))
                        .get(ModelGraph.LOGITS);
                assertThat(Closeness.between(logits, golden.tensor("logits").toFloats())
                                .maxAbsolute())
                        .as(plan.name())
                        .isLessThan(LOGITS);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.portolan.checkpoints.golden.GoldenCase#baselines")
    void lossGradientsAndStatisticsMatchJax(GoldenCase golden) {
        OptimizerConfig still = OptimizerConfig.reference(LearningRateSchedule.constant(1e-3, 0), 0);
        try (TrainingSession session =
                new TrainingSession(golden.checkpoint(), GoldenModel.config(golden), Plan.FUSED, still)) {
            float[] input = golden.tensor("input").toFloats();
            int[] labels = GoldenGradientTest.labels(golden);
            LossGradients actual = session.differentiate(input, labels);
            LossGradients moved = session.differentiate(LastBits.moved(input, 5), labels);
            assertThat(actual.loss() - golden.tensor("loss").toFloats()[0]).isBetween(-LOSS, LOSS);
            assertThat(Closeness.between(
                                    actual.logits(),
                                    golden.tensor("train_logits").toFloats())
                            .maxAbsolute())
                    .isLessThan(TRAINING_LOGITS);

            double largest = actual.parameters().values().stream()
                    .mapToDouble(GoldenGradientTest::norm)
                    .max()
                    .orElseThrow();
            assertThat(actual.parameters()).isNotEmpty();
            actual.parameters().forEach((path, gradient) -> {
                float[] expected = golden.tensor("grad/params/" + path).toFloats();
                if (GoldenGradientTest.norm(expected) < ZERO * largest) {
                    assertThat(GoldenGradientTest.norm(gradient)).as(path).isLessThan(ZERO * largest);
                    return;
                }
                double noise = Closeness.between(moved.parameters().get(path), gradient)
                        .relative();
                assertThat(Closeness.between(gradient, expected).relative())
                        .as(path)
                        .isLessThan(Math.max(RELATIVE, ROUNDINGS * noise));
            });
            assertThat(Closeness.between(
                                    actual.input(), golden.tensor("grad/input").toFloats())
                            .relative())
                    .isLessThan(Math.max(
                            RELATIVE,
                            ROUNDINGS
                                    * Closeness.between(moved.input(), actual.input())
                                            .relative()));

            session.step(input, labels);
            session.checkpoint(OptionalLong.empty()).batchStatistics().arrays().forEach((path, statistic) -> {
                float[] expected = golden.tensor("batch_stats_after/" + path).toFloats();
                assertThat(Closeness.between(statistic.toFloats(), expected).maxAbsolute())
                        .as(path)
                        .isLessThan(STATISTICS);
            });
        }
    }

    @Test
    void symmetricKernelsStaySymmetric() {
        assertStaysSymmetric("hgru_relu_18");
    }

    @Tag("slow")
    @Test
    void symmetricKernelsStaySymmetricWithBatchNorm() {
        assertStaysSymmetric("hgru_batch_20");
    }

    private static void assertStaysSymmetric(String name) {
        GoldenCase golden = GoldenCase.named("baselines/" + name);
        OptimizerConfig optimizer = OptimizerConfig.reference(LearningRateSchedule.constant(1e-2, 0), 0);
        try (TrainingSession session =
                new TrainingSession(golden.checkpoint(), GoldenModel.config(golden), Plan.FUSED, optimizer)) {
            for (int step = 0; step < 3; step++) {
                session.step(golden.tensor("input").toFloats(), GoldenGradientTest.labels(golden));
            }
            session.checkpoint(OptionalLong.empty()).parameters().arrays().forEach((path, array) -> {
                if (path.startsWith("hgru/w")) {
                    assertThat(array)
                            .isNotEqualTo(
                                    golden.checkpoint().parameters().find(path).orElseThrow());
                    assertSymmetric(path, array);
                }
            });
        }
    }

    private static void assertSymmetric(String path, ArrayData kernel) {
        float[] values = kernel.toFloats();
        int size = (int) kernel.shape()[3];
        for (int i = 0; i < values.length; i++) {
            int pair = i % (size * size);
            int exchanged = i - pair + pair % size * size + pair / size;
            assertThat(values[i]).as(path).isEqualTo(values[exchanged]);
        }
    }
}
