package io.portolan.graphs.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ConfigResolver;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.golden.Closeness;
import io.portolan.graphs.golden.GoldenModel;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Additive cells, DeltaNets and the transformers of d577b00: log space by the reference's rules and plain numbers have one gradient. */
class FamilyGradientOfAdditiveAndDeltaTest {
    /** The faithful plan's floors and offsets, which the fused plan does not know, are of this size. */
    private static final double RELATIVE = 1e-4;

    /** Of leaves that hardly matter to the loss: sums of terms that nearly cancel. */
    private static final double RELATIVE_OF_SMALL_LEAVES = 1e-3;

    private static final double SMALL = 1e-3;

    /** What has no effect at all has a gradient of rounding only. */
    private static final double ZERO = 1e-6;

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
                .mapToDouble(FamilyGradientOfAdditiveAndDeltaTest::norm)
                .max()
                .orElseThrow();
        assertThat(fused.parameters().keySet()).isEqualTo(faithful.parameters().keySet());
        faithful.parameters().forEach((path, expected) -> {
            double size = norm(expected);
            float[] actual = fused.parameters().get(path);
            if (size < ZERO * largest) {
                assertThat(norm(actual)).as(path).isLessThan(ZERO * largest);
            } else {
                assertThat(Closeness.between(actual, expected).relative())
                        .as(path)
                        .isLessThan(size < SMALL * largest ? RELATIVE_OF_SMALL_LEAVES : RELATIVE);
            }
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

    private static double norm(float[] values) {
        return Math.sqrt(IntStream.range(0, values.length)
                .mapToDouble(i -> (double) values[i] * values[i])
                .sum());
    }
}
