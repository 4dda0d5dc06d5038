package io.portolan.graphs.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.portolan.graphs.data.Batch;
import io.portolan.graphs.data.BatchOptions;
import io.portolan.graphs.data.BatchPipeline;
import io.portolan.graphs.data.Dataset;
import io.portolan.graphs.data.error.DatasetException;
import io.portolan.images.ImageInput;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Loss, accuracy and confusion of known logits. */
class EvaluatorTest {
    /** The label of each sample; its index is its only pixel. */
    private static final int[] LABELS = {0, 1, 1, 1, 0};

    private static final float[][] LOGITS = {{2, 0}, {-1, 1}, {3, 1}, {0, 0}, {500, -500}};

    /** ln(1 + e^-2) twice, ln(1 + e^2), ln 2, and nothing. */
    private static final double LOSS = (2 * 0.126928011 + 2.126928011 + 0.693147181) / 5;

    @Test
    void everySampleCountsTheSameWhateverTheBatches() throws IOException {
        for (int size : new int[] {1, 2, 5}) {
            Evaluation evaluation = evaluate(size, EvaluatorTest::logits).orElseThrow();
            assertThat(evaluation.loss()).isCloseTo(LOSS, within(1e-8));
            // Of the two equal logits, the first is taken.
            assertThat(evaluation.confusion()).isEqualTo(List.of(List.of(2, 0), List.of(2, 1)));
            assertThat(evaluation.accuracy()).isEqualTo(0.6);
            assertThat(evaluation.samples()).isEqualTo(5);
        }
    }

    @Test
    void logitsThatAreNoNumbersMakeALossThatIsNone() throws IOException {
        assertThat(evaluate(5, batch -> new float[] {0, 0, 0, 0, Float.NaN, 0, 0, 0, 0, 0})
                        .orElseThrow()
                        .loss())
                .isNaN();
    }

    @Test
    void itStopsBetweenBatches() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        Evaluator evaluator = new Evaluator(2, EvaluatorTest::logits);
        assertThat(evaluator.evaluate(data(1), () -> asked.incrementAndGet() > 2))
                .isEmpty();
        assertThat(asked).hasValue(3);
    }

    @Test
    void aLabelThatTheModelDoesNotHaveIsNamed() {
        assertThatThrownBy(() -> new Evaluator(1, batch -> new float[batch.count()]).evaluate(data(5), () -> false))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("label 1");
    }

    @Test
    void theBestIsTheSmallestLossAndTheFirstOfEqualOnes() {
        RunPosition first = RunPosition.START.measured(10, loss(0.5));
        assertThat(first.best()).isEqualTo(0.5);
        assertThat(first.measured(20, loss(0.5)).bestStep()).isEqualTo(10);
        assertThat(first.measured(20, loss(Double.NaN)).bestStep()).isEqualTo(10);
        assertThat(first.measured(20, Optional.empty()).measured()).isEqualTo(20);
        assertThat(first.measured(20, loss(0.4)).bestStep()).isEqualTo(20);
        assertThat(RunPosition.START.measured(10, loss(Double.NaN)).best()).isInfinite();
    }

    private static Optional<Evaluation> loss(double loss) {
        return Optional.of(new Evaluation(loss, List.of(List.of(1)), 1));
    }

    private static Optional<Evaluation> evaluate(int size, Function<Batch, float[]> model) throws IOException {
        return new Evaluator(2, model).evaluate(data(size), () -> false);
    }

    private static float[] logits(Batch batch) {
        float[] logits = new float[2 * batch.count()];
        for (int i = 0; i < batch.count(); i++) {
            System.arraycopy(LOGITS[(int) batch.images()[3 * i]], 0, logits, 2 * i, 2);
        }
        return logits;
    }

    private static BatchPipeline data(int size) {
        return new BatchPipeline(new Numbered(), BatchOptions.evaluation(size));
    }

    private static final class Numbered implements Dataset {
        @Override
        public int size() {
            return LABELS.length;
        }

        @Override
        public ImageInput input() {
            return ImageInput.still(1, 1);
        }

        @Override
        public int load(int index, float[] target, int offset) {
            target[offset] = index;
            return LABELS[index];
        }
    }
}
