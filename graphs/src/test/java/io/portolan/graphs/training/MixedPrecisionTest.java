package io.portolan.graphs.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.portolan.checkpoints.ElementType;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.data.Batch;
import io.portolan.graphs.ops.Precision;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

/** Products and convolutions of the steps are in bfloat16, and nothing else is. */
class MixedPrecisionTest {
    /** Half the distance from one bfloat16, of eight significant bits, to the next, relatively. */
    private static final double ROUNDING = 0x1p-9;

    @Test
    void productsAndConvolutionsAloneAreNarrow() {
        try (TrainingGraph graph = graph(Precision.MIXED)) {
            assertThat(narrowOps(graph, node -> node.getName().startsWith("training/")))
                    .containsExactlyInAnyOrder("BatchMatMulV2", "Conv2D", "Cast");
            // Backwards, a product's gradient is summed up over the axes that it was repeated along.
            assertThat(narrowOps(graph, node -> true)).containsExactlyInAnyOrder(
                    "BatchMatMulV2", "Conv2D", "Cast",
                    "BatchMatMulV3", "Conv2DBackpropInput", "Conv2DBackpropFilter", "Sum", "Reshape", "Shape");
            assertThat(narrowOps(graph, node -> node.getName().startsWith("evaluation/"))).isEmpty();
        }
        try (TrainingGraph graph = graph(Precision.SINGLE)) {
            assertThat(narrowOps(graph, node -> true)).isEmpty();
        }
    }

    @Test
    void theLossMovesByRoundingAndTheEvaluationNotAtAll() throws IOException {
        Batch batch = TrainingSessionTest.batch();
        try (TrainingSession single = session(Precision.SINGLE);
                TrainingSession mixed = session(Precision.MIXED)) {
            LossGradients expected = single.differentiate(batch.images(), batch.labels());
            LossGradients rounded = mixed.differentiate(batch.images(), batch.labels());
            assertThat(rounded.loss()).isNotEqualTo(expected.loss());
            // Some layers of products round one after the other; what they round, averages out for the most part.
            assertThat(rounded.loss()).isCloseTo(expected.loss(), within(4 * ROUNDING * expected.loss()));
            assertThat(mixed.logits(batch.images())).isEqualTo(single.logits(batch.images()));
        }
    }

    @Test
    void learnsWithWeightsInSinglePrecision() throws IOException {
        Batch batch = TrainingSessionTest.batch();
        try (TrainingSession single = session(Precision.SINGLE);
                TrainingSession mixed = session(Precision.MIXED)) {
            double first = mixed.step(batch.images(), batch.labels()).loss();
            double last = first;
            double expected = single.step(batch.images(), batch.labels()).loss();
            for (int i = 0; i < 30; i++) {
                last = mixed.step(batch.images(), batch.labels()).loss();
                expected = single.step(batch.images(), batch.labels()).loss();
            }
            // Label smoothing leaves 0.199 of the loss at best.
            assertThat(last).isLessThan(first / 2).isCloseTo(expected, within(0.01));

            SessionState state = mixed.state();
            assertThat(state.arrays().values()).allMatch(array -> array.type() == ElementType.FLOAT32);
            float[] kernel = state.arrays().get("params/conv2/kernel").toFloats();
            long exactInBfloat16 = countOf(kernel, value -> (Float.floatToRawIntBits(value) & 0xffff) == 0);
            assertThat(exactInBfloat16).as("of %d numbers", kernel.length).isLessThan(kernel.length / 100);
        }
    }

    private static long countOf(float[] values, Predicate<Float> condition) {
        long count = 0;
        for (float value : values) {
            count += condition.test(value) ? 1 : 0;
        }
        return count;
    }

    private static TrainingSession session(Precision precision) {
        return TinyRun.session(TinyRun.initial(), precision);
    }

    private static TrainingGraph graph(Precision precision) {
        return new TrainingGraph(TinyRun.initial(), TinyRun.MODEL, Plan.FUSED, precision, TinyRun.OPTIMIZER);
    }

    private static Set<String> narrowOps(TrainingGraph graph, Predicate<NodeDef> where) {
        Set<String> ops = new TreeSet<>();
        graph.graph().toGraphDef().getNodeList().stream()
                .filter(where)
                .filter(node -> node.getAttrMap().values().stream().anyMatch(attribute ->
                        attribute.getType() == DataType.DT_BFLOAT16 || attribute.getType() == DataType.DT_HALF))
                .forEach(node -> ops.add(node.getOp()));
        return ops;
    }
}
