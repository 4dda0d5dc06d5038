package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.normal;

import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.onnx.OnnxWriter;
import io.portolan.converter.verify.TensorRuns;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Session;

/**
 * Ops with channels before the spatial axes, which TensorFlow has on GPUs only: they must compute what TensorFlow does with
 * channels last, on the same numbers.
 */
class ChannelsFirstTest {
    /** An op with channels last, the shape of its input, and those of its attributes that go by the layout. */
    private record Layout(String op, long[] shape, Map<String, Object> attributes, Body body) {
        @Override
        public String toString() {
            return op;
        }
    }

    private interface Body {
        Output<?> apply(RawOps tf, Output<?> x, Map<String, Object> attributes);
    }

    static Stream<Layout> layouts() {
        Map<String, Object> window = Map.of("strides", new long[] {1, 2, 1, 1}, "padding", "SAME");
        Map<String, Object> pool =
                Map.of("ksize", new long[] {1, 2, 3, 1}, "strides", new long[] {1, 2, 1, 1}, "padding", "SAME");
        Map<String, Object> space = Map.of("strides", new long[] {1, 2, 1, 1, 1}, "padding", "VALID");
        long[] shape = {2, 6, 4, 8};
        return Stream.of(
                new Layout(
                        "Conv2D",
                        shape,
                        window,
                        (tf, x, attributes) -> tf.op("Conv2D", attributes, x, tf.weights(3, 2, 8, 4))),
                new Layout(
                        "DepthwiseConv2dNative",
                        shape,
                        Map.of("strides", new long[] {1, 1, 1, 1}, "padding", "SAME"),
                        (tf, x, attributes) -> tf.op("DepthwiseConv2dNative", attributes, x, tf.weights(3, 2, 8, 2))),
                new Layout(
                        "Conv3D",
                        new long[] {2, 5, 4, 3, 2},
                        space,
                        (tf, x, attributes) -> tf.op("Conv3D", attributes, x, tf.weights(3, 2, 2, 2, 4))),
                new Layout("MaxPool", shape, pool, (tf, x, attributes) -> tf.op("MaxPool", attributes, x)),
                new Layout("AvgPool", shape, pool, (tf, x, attributes) -> tf.op("AvgPool", attributes, x)),
                new Layout(
                        "FusedBatchNormV3",
                        shape,
                        Map.of("is_training", false),
                        (tf, x, attributes) -> tf.op(
                                "FusedBatchNormV3",
                                attributes,
                                x,
                                tf.weights(8),
                                tf.weights(8),
                                tf.weights(8),
                                tf.op("Abs", tf.weights(8)))),
                new Layout(
                        "BiasAdd",
                        shape,
                        Map.of(),
                        (tf, x, attributes) -> tf.op("BiasAdd", attributes, x, tf.weights(8))),
                new Layout(
                        "SpaceToDepth",
                        shape,
                        Map.of("block_size", 2),
                        (tf, x, attributes) -> tf.op("SpaceToDepth", attributes, x)),
                new Layout(
                        "DepthToSpace",
                        shape,
                        Map.of("block_size", 2),
                        (tf, x, attributes) -> tf.op("DepthToSpace", attributes, x)));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void theLayoutDoesNotMatter(Layout layout) {
        TensorData x = normal(layout.shape).sample(OnnxType.FLOAT, new Random(1), 1);
        int rank = layout.shape.length;
        int[] first = IntStream.range(0, rank)
                .map(axis -> axis == 0 ? 0 : axis == 1 ? rank - 1 : axis - 1)
                .toArray();
        int[] last = IntStream.range(0, rank)
                .map(axis -> axis == 0 ? 0 : axis == rank - 1 ? 1 : axis + 1)
                .toArray();
        TensorData expected;
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            RawOps tf = new RawOps(graph);
            Output<?> y = layout.body.apply(tf, tf.placeholder("x", tf.type(), layout.shape), layout.attributes);
            expected = TensorRuns.tensorFlow(session, List.of(RawOps.tensorName(y)), Map.of("x", x))
                    .get(0);
        }
        try (Graph graph = new Graph()) {
            RawOps tf = new RawOps(graph);
            Output<?> transposed = tf.op("Transpose", tf.placeholder("x", tf.type(), layout.shape), tf.ints(first));
            Output<?> y = tf.op(
                    "Transpose", layout.body.apply(tf, transposed, inLayout(layout.attributes, first)), tf.ints(last));
            byte[] model = OnnxWriter.write(
                            TensorFlowParity.convert(graph.toGraphDef(), List.of("x"), List.of(y)), Map.of())
                    .toByteArray();
            // Sums of up to 48 products, in another order.
            TensorFlowParity.assertSame(
                    layout.op, expected, TensorRuns.onnx(model, Map.of("x", x)).get(0), 1e-5);
        }
    }

    private static Map<String, Object> inLayout(Map<String, Object> attributes, int[] order) {
        Map<String, Object> changed = new HashMap<>(attributes);
        changed.replaceAll((name, value) -> value instanceof long[] sizes
                ? Arrays.stream(order).mapToLong(axis -> sizes[axis]).toArray()
                : value);
        changed.put("data_format", order.length == 5 ? "NCDHW" : "NCHW");
        return changed;
    }
}
