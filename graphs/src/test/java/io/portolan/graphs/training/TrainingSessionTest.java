package io.portolan.graphs.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.data.Batch;
import io.portolan.graphs.data.BatchOptions;
import io.portolan.graphs.data.BatchPipeline;
import io.portolan.graphs.data.BatchStream;
import io.portolan.graphs.layers.WeightsException;
import io.portolan.graphs.ops.Precision;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The state of a session besides the weights. */
class TrainingSessionTest {
    private static final double DECAY = TinyRun.OPTIMIZER.averaging();

    @Test
    void averagesFollowTheParametersOfAppliedSteps() throws IOException {
        try (TrainingSession session = TinyRun.session()) {
            Batch batch = batch();
            session.step(batch.images(), batch.labels());
            SessionState before = session.state();
            session.step(batch.images(), batch.labels());
            SessionState after = session.state();
            before.weights().parameters().arrays().keySet().forEach(path -> {
                float[] old = values(before, "average/" + path);
                float[] parameter = values(after, "params/" + path);
                float[] average = values(after, "average/" + path);
                for (int i = 0; i < old.length; i++) {
                    assertThat((double) average[i])
                            .as(path)
                            .isCloseTo(DECAY * old[i] + (1 - DECAY) * parameter[i], within(1e-7));
                }
            });
            assertThat(after.weights().parameters())
                    .isNotEqualTo(before.weights().parameters());
            float[] logits = session.logits(batch.images());

            float[] broken = new float[batch.images().length];
            Arrays.fill(broken, Float.NaN);
            assertThat(session.step(broken, batch.labels()).applied()).isFalse();
            assertThat(values(session.state(), "average/head/kernel")).isEqualTo(values(after, "average/head/kernel"));

            session.restore(after);
            assertThat(session.state()).isEqualTo(after);
            assertThat(session.logits(batch.images())).isEqualTo(logits);
        }
    }

    @Test
    void evaluationUsesTheAverages() throws IOException {
        try (TrainingSession session = TinyRun.session()) {
            Batch batch = batch();
            for (int i = 0; i < 3; i++) {
                session.step(batch.images(), batch.labels());
            }
            SessionState state = session.state();
            OptimizerConfig plain = OptimizerConfig.reference(TinyRun.OPTIMIZER.schedule(), 0);
            Checkpoint averaged = state.result(OptionalLong.empty(), Map.of());
            try (TrainingSession other =
                    new TrainingSession(averaged, TinyRun.MODEL, Plan.FUSED, Precision.SINGLE, plain, Device.CPU)) {
                assertThat(other.logits(batch.images())).isEqualTo(session.logits(batch.images()));
                assertThatThrownBy(() -> other.restore(state))
                        .isInstanceOf(WeightsException.class)
                        .hasMessageContaining("arrays of the training state");
            }
        }
    }

    static Batch batch() throws IOException {
        try (BatchStream batches = new BatchPipeline(TinyRun.pictures(1, 4), BatchOptions.evaluation(4)).epoch(0)) {
            return batches.next();
        }
    }

    private static float[] values(SessionState state, String path) {
        return state.arrays().get(path).toFloats();
    }
}
