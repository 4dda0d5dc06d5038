package io.portolan.graphs.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ConfigResolver;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.golden.GoldenModel;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Additive cells, DeltaNets and the transformers of d577b00: log space by the reference's rules and plain numbers have one gradient. */
class FamilyGradientOfAdditiveAndDeltaTest {
    private static final double RELATIVE = 1e-4;

    /**
     * Of the largest leaf's norm. The reference's rule for the exponential adds 1.2e-7 to each derivative and its floors
     * take some away, which shows where a leaf's gradient is a small sum of large terms. Plain numbers know neither.
     * Seen: 1.6e-6, for one gate of all frequencies, where the fused plan is within 2e-6 of differences in float64.
     */
    private static final double OFFSETS = 3e-6;

    static Stream<GoldenCase> cases() {
        return GoldenCase.family().stream()
                .filter(golden -> golden.name().matches(".*/(formula|head|d577b00)_(add_|deltanet|.*_transformer).*"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void bothPlansHaveOneGradient(GoldenCase golden) {
        LossGradients faithful = gradients(golden, Plan.FAITHFUL);
        LossGradients fused = gradients(golden, Plan.FUSED);
        double largest = faithful.parameters().values().stream()
                .mapToDouble(GoldenGradientTest::norm)
                .max()
                .orElseThrow();
        assertThat(fused.parameters().keySet()).isEqualTo(faithful.parameters().keySet());
        faithful.parameters().forEach((path, expected) -> {
            float[] actual = fused.parameters().get(path);
            float[] difference = new float[expected.length];
            for (int i = 0; i < difference.length; i++) {
                difference[i] = actual[i] - expected[i];
            }
            assertThat(GoldenGradientTest.norm(difference))
                    .as(path)
                    .isLessThan(Math.max(RELATIVE * GoldenGradientTest.norm(expected), OFFSETS * largest));
        });
    }

    private static LossGradients gradients(GoldenCase golden, Plan plan) {
        ModelConfig config =
                ConfigResolver.resolve(golden.checkpoint(), Map.of(), Optional.of(GoldenModel.description(golden)));
        OptimizerConfig unused = OptimizerConfig.reference(LearningRateSchedule.constant(1e-3, 0), 0);
        float[] input = golden.tensor("input").toFloats();
        int samples = Math.toIntExact(golden.tensor("input").shape()[0]);
        try (TrainingSession session = new TrainingSession(golden.checkpoint(), config, plan, unused)) {
            return session.differentiate(
                    input, IntStream.range(0, samples).map(i -> i % 2).toArray());
        }
    }
}
