package io.portolan.graphs.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ConfigResolver;
import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.data.Batch;
import io.portolan.graphs.golden.GoldenModel;
import io.portolan.graphs.ops.Precision;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.ndarray.Shape;

/** Batches that are divided among devices, which are parts of the CPU here. */
class ReplicasTest {
    /** Of the largest value. */
    private static final double BOUND = 1e-5;

    /** The model of {@link TinyRun}, normalised by layers. */
    private static final ModelConfig MODEL = model();

    private static ModelConfig model() {
        Map<String, Object> fields = new LinkedHashMap<>(TinyRun.MODEL.toMap());
        fields.put("norm_type", "layer");
        return ConfigResolver.fromScratch(Map.of(), Optional.of(fields), new ImageSize(28, 28));
    }

    private static Checkpoint initial() {
        return Initialization.of(MODEL, 3);
    }

    private static TrainingSession session(int replicas) {
        return new TrainingSession(
                initial(), MODEL, Plan.FUSED, Precision.SINGLE, TinyRun.OPTIMIZER, new Placement(Device.CPU, replicas));
    }

    /**
     * Four samples on three devices are shares of one, one and two. The gradients differ from those of the joined batch by the order of
     * sums in float32, which four updates carry on: up to 6.4e-6 of the largest value, in the second moment of a bias.
     */
    @Test
    void stepsAreThoseOfOneDeviceWithTheJoinedBatch() throws IOException {
        Batch batch = TrainingSessionTest.batch();
        try (TrainingSession alone = session(1);
                TrainingSession divided = session(3)) {
            for (int step = 0; step < 4; step++) {
                StepResult expected = alone.step(batch.images(), batch.labels());
                StepResult actual = divided.step(batch.images(), batch.labels());
                assertThat(actual.loss()).isCloseTo(expected.loss(), within(BOUND * expected.loss()));
                assertThat(actual.gradientNorm())
                        .isCloseTo(expected.gradientNorm(), within(BOUND * expected.gradientNorm()));
                assertThat(actual.accuracy()).isCloseTo(expected.accuracy(), within(BOUND));
                assertThat(actual.applied()).isTrue();
            }
            SessionState one = alone.state();
            SessionState other = divided.state();
            assertThat(other.counters()).isEqualTo(one.counters());
            one.arrays().forEach((path, array) -> {
                float[] expected = array.toFloats();
                float[] actual = other.arrays().get(path).toFloats();
                double largest = 0;
                for (float value : expected) {
                    largest = Math.max(largest, Math.abs(value));
                }
                double worst = 0;
                for (int i = 0; i < expected.length; i++) {
                    worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
                }
                assertThat(worst).as(path).isLessThanOrEqualTo(BOUND * largest);
            });
        }
    }

    /** Without "soft placement" TensorFlow runs a node where it says, or not at all. */
    @Test
    void everyNodeOfACopyRunsOnItsDevice() throws IOException {
        Batch batch = TrainingSessionTest.batch();
        Placement placement = new Placement(Device.CPU, 2);
        assertThat(placement.names()).containsExactly("/device:CPU:0", "/device:CPU:1");
        try (TrainingGraph graph =
                new TrainingGraph(initial(), MODEL, Plan.FUSED, Precision.SINGLE, TinyRun.OPTIMIZER)) {
            Shape shape = graph.inputShape.tail().prepend(batch.labels().length);
            try (Replica second = new Replica(graph, "/device:CPU:1", placement.configuration())) {
                second.load(graph.initialValues());
                assertThat(second.differentiate(shape, batch.images(), batch.labels())
                                .gradients())
                        .hasSameSizeAs(graph.gradients);
            }
            assertThatThrownBy(() -> {
                        try (Replica third = new Replica(graph, "/device:CPU:2", placement.configuration())) {
                            third.load(graph.initialValues());
                        }
                    })
                    .isInstanceOf(TFInvalidArgumentException.class)
                    .hasMessageContaining("CPU:2");
        }
    }

    /** Three devices, of which a batch of two leaves one without a share. */
    @Tag("slow")
    @Test
    void aBatchMayBeSmallerThanTheDevicesAreMany() throws IOException {
        Batch batch = TrainingSessionTest.batch();
        int size = batch.images().length / batch.labels().length;
        float[] images = Arrays.copyOf(batch.images(), 2 * size);
        int[] labels = Arrays.copyOf(batch.labels(), 2);
        try (TrainingSession alone = session(1);
                TrainingSession divided = session(3)) {
            double expected = alone.step(images, labels).loss();
            assertThat(divided.step(images, labels).loss()).isCloseTo(expected, within(BOUND * expected));
        }
    }

    @Test
    void statisticsOfWholeBatchesNeedOneDevice() throws IOException {
        GoldenCase golden = GoldenCase.named("transformer_batchnorm_32");
        Checkpoint start = golden.checkpoint();
        assertThatThrownBy(() -> new TrainingSession(
                        start,
                        GoldenModel.config(golden),
                        Plan.FUSED,
                        Precision.SINGLE,
                        TinyRun.OPTIMIZER,
                        new Placement(Device.CPU, 2)))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("statistics of whole batches");
        assertThatThrownBy(() -> new Placement(Device.CPU, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThat(List.of(
                        new Placement(Device.CPU, 2).label(),
                        Placement.on(Device.CPU).label()))
                .containsExactly("2 x cpu", "cpu");
    }
}
