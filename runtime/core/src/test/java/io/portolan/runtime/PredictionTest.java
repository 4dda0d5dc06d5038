package io.portolan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class PredictionTest {
    private static final List<String> LABELS = ModelMetadata.PATHFINDER_LABELS;

    @Test
    void takesTheLargestLogitAndItsSoftmax() {
        Prediction prediction = Prediction.of("a.png", new float[] {0, (float) Math.log(3)}, LABELS);

        assertThat(prediction.classIndex()).isEqualTo(1);
        assertThat(prediction.label()).isEqualTo("connected");
        // The logit is a float32 and so off by up to 6e-8.
        assertThat(prediction.confidence()).isCloseTo(0.75, within(1e-7));
        assertThat(prediction.probabilities().get(0)).isCloseTo(0.25, within(1e-7));
    }

    @Test
    void staysFiniteForHugeLogits() {
        Prediction prediction = Prediction.of("a.png", new float[] {1e30f, -1e30f}, LABELS);

        assertThat(prediction.probabilities()).containsExactly(1.0, 0.0);
    }

    @Test
    void takesTheFirstOfEquals() {
        assertThat(Prediction.of("a.png", new float[] {2, 2}, LABELS).classIndex())
                .isZero();
    }

    @Test
    void refusesToChooseWhereALogitIsNaN() {
        assertThatThrownBy(() -> Prediction.of("a.png", new float[] {Float.NaN, 1}, LABELS))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("a.png")
                .hasMessageContaining("NaN");
    }
}
