package io.portolan.converter.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.lowering.ConversionException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;

/** Dropout that a graph still has: without effect it disappears, with one it is refused. */
class DropoutTest {
    private final Graph graph = new Graph();
    private final RawOps tf = new RawOps(graph);
    private final Output<?> x = tf.placeholder("x", DataType.DT_FLOAT, -1, 4);

    @AfterEach
    void close() {
        graph.close();
    }

    private OnnxGraph converted(Output<?> y) {
        List<Output<?>> outputs = List.of(tf.op("Exp", y));
        return TensorFlowParity.convert(graph.toGraphDef(), List.of("x"), outputs);
    }

    private Output<?> random(Output<?> shape) {
        Output<?> numbers = tf.op("RandomUniform", Map.of("dtype", DataType.DT_FLOAT), shape);
        Output<?> scaled = tf.op("Mul", numbers, tf.op("Sub", tf.scalar(1f), tf.scalar(0f)));
        return tf.op("Add", scaled, tf.scalar(0f));
    }

    /** What TensorFlow 1 writes for it. */
    private Output<?> byFloor(Output<?> keep) {
        Output<?> mask = tf.op("Floor", tf.op("Add", keep, random(tf.op("Shape", x))));
        return tf.op("Mul", tf.op("RealDiv", x, keep), mask);
    }

    /** What it writes from version 1.13 on. */
    private Output<?> byComparison(Output<?> rate) {
        Output<?> scale = tf.op("RealDiv", tf.scalar(1f), tf.op("Sub", tf.scalar(1f), rate));
        Output<?> mask = tf.op("GreaterEqual", random(tf.op("Shape", x)), rate);
        return tf.op("Mul", tf.op("Mul", x, scale), tf.op("Cast", Map.of("DstT", DataType.DT_FLOAT), mask));
    }

    private Output<?> bySelection(Output<?> rate) {
        Output<?> mask = tf.op("GreaterEqual", random(tf.op("Shape", x)), rate);
        return tf.op("SelectV2", mask, x, tf.scalar(0f));
    }

    private void assertNothingLeft(Output<?> y) {
        assertThat(converted(y).nodes()).extracting(node -> node.op().opName()).containsExactly("Exp");
    }

    @Test
    void thatKeepsEverythingDisappears() {
        assertNothingLeft(byFloor(tf.scalar(1f)));
        assertNothingLeft(byFloor(tf.op("PlaceholderWithDefault", Map.of("shape", Shape.scalar()), tf.scalar(1f))));
        assertNothingLeft(byComparison(tf.scalar(0f)));
        assertNothingLeft(byComparison(tf.op("Sub", tf.scalar(1f), tf.scalar(1f))));
        assertNothingLeft(bySelection(tf.scalar(0f)));
    }

    @Test
    void thatIsBroadcastHasTheShapeOfTheLargerOne() {
        Output<?> mask = tf.op("Floor", tf.op("Add", tf.scalar(1f), random(tf.ints(3, 1, 4))));
        OnnxGraph converted = converted(tf.op("Mul", x, mask));
        assertThat(converted.outputs().values())
                .singleElement()
                .satisfies(y -> assertThat(y.shape()).hasToString("(3, batch, 4)"));
    }

    @ParameterizedTest
    @ValueSource(floats = {0.5f, 0.99999994f, 1.5f})
    void thatDropsSomethingIsRefused(float keep) {
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> converted(byFloor(tf.scalar(keep))))
                .withMessageMatching("Node RandomUniform_case_\\d+ \\(RandomUniform\\): random numbers differ .*")
                .satisfies(e -> assertThat(e.remedies()).containsExactly(ConversionException.Remedy.FIX_INPUT));
        if (keep < 1) {
            assertThatExceptionOfType(ConversionException.class)
                    .isThrownBy(() -> converted(byComparison(tf.scalar(1 - keep))));
        }
    }

    @Test
    void numbersThatHaveAnInfluenceAreRefused() {
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> converted(tf.op("Add", x, random(tf.op("Shape", x)))));
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> converted(tf.op("Floor", tf.op("Add", tf.scalar(0.5f), random(tf.ints(4))))));
    }
}
