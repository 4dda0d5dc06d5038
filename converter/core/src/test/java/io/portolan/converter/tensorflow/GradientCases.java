package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.between;
import static io.portolan.converter.tensorflow.ParityCase.many;
import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;
import static io.portolan.converter.tensorflow.ParityCase.oneOf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Cases of gradients. */
final class GradientCases {
    private static final long[] ONES = {1, 1, 1, 1};

    private GradientCases() {}

    static Stream<ParityCase> cases() {
        return Stream.of(elementwise(), moved(), shapes(), pools(), kernels(), normalisation())
                .flatMap(cases -> cases);
    }

    private static Stream<ParityCase> elementwise() {
        double[] edges = {-7, -1, 0, 0.5, 3, 6, 8};
        return Stream.concat(
                Stream.of(
                                "ReluGrad",
                                "Relu6Grad",
                                "LeakyReluGrad",
                                "EluGrad",
                                "SeluGrad",
                                "SoftplusGrad",
                                "SoftsignGrad")
                        .flatMap(op -> Stream.of(
                                of(op, normal(-1, 40), between(-8, 8, -1, 40), (tf, dy, x) -> tf.op(op, dy, x)),
                                of(
                                        op + " at the edges",
                                        normal(-1, 40),
                                        oneOf(edges, -1, 40),
                                        (tf, dy, x) -> tf.op(op, dy, x)))),
                Stream.concat(
                        Stream.of("SigmoidGrad", "TanhGrad", "SqrtGrad", "RsqrtGrad", "ReciprocalGrad", "InvGrad")
                                .map(op -> of(
                                        op, between(0.1, 2, -1, 40), normal(-1, 40), (tf, y, dy) -> tf.op(op, y, dy))),
                        Stream.of(of(
                                "LeakyReluGrad with a slope",
                                normal(-1, 9),
                                normal(-1, 9),
                                (tf, dy, x) -> tf.op("LeakyReluGrad", Map.of("alpha", 0.01f), dy, x)))));
    }

    private static Stream<ParityCase> moved() {
        Map<String, Object> masks =
                Map.of("begin_mask", 1, "end_mask", 1, "ellipsis_mask", 0, "new_axis_mask", 4, "shrink_axis_mask", 2);
        return Stream.of(
                of("BiasAddGrad", normal(-1, 5, 4), (tf, dy) -> tf.op("BiasAddGrad", dy)),
                of(
                        "BiasAddGrad channels first",
                        normal(-1, 3, 5, 4),
                        (tf, dy) -> tf.op("BiasAddGrad", Map.of("data_format", "NCHW"), dy)),
                mirror("REFLECT", new int[][] {{0, 0}, {2, 1}, {0, 3}}, normal(-1, 7, 8)),
                mirror("SYMMETRIC", new int[][] {{0, 0}, {2, 2}, {3, 0}}, normal(-1, 7, 8)),
                mirror("SYMMETRIC", new int[][] {{1, 0}, {0, 0}, {0, 1}}, normal(4, -1, 8)),
                of(
                        "StridedSliceGrad of a column",
                        normal(-1),
                        (tf, dy) -> tf.op(
                                "StridedSliceGrad",
                                Map.of("begin_mask", 1, "end_mask", 1, "shrink_axis_mask", 2),
                                tf.op("ConcatV2", List.of(tf.op("Shape", dy), tf.ints(4)), tf.scalar(0)),
                                tf.ints(0, -2),
                                tf.ints(0, -1),
                                tf.ints(1, 1),
                                dy)),
                of(
                        "StridedSliceGrad by steps",
                        normal(3, 1, 2, 2),
                        (tf, dy) -> tf.op(
                                "StridedSliceGrad",
                                masks,
                                tf.ints(3, 4, 6, 2),
                                tf.ints(0, 1, 0, 5, 0),
                                tf.ints(0, 2, 0, 1, 2),
                                tf.ints(1, 1, 1, -2, 1),
                                dy)));
    }

    private static ParityCase mirror(String mode, int[][] paddings, ParityCase.Feed gradient) {
        return of(
                "MirrorPadGrad " + mode,
                gradient,
                (tf, dy) -> tf.op("MirrorPadGrad", Map.of("mode", mode), dy, tf.ints(paddings)));
    }

    /** The gradients of a broadcast sum, as TensorFlow writes them: sums along axes that depend on shapes. */
    private static Stream<ParityCase> shapes() {
        return Stream.of(
                broadcast("of a vector", normal(-1, 5), normal(5)),
                broadcast("of a column", normal(-1, 4, 5), normal(4, 1)),
                broadcast("both ways", normal(-1, 1, 5), normal(3, 1)),
                many("ConcatOffset", List.of(normal(-1, 3), normal(-1, 2)), (tf, x) -> {
                    Operation offsets = tf.operation(
                            "ConcatOffset",
                            Map.of(),
                            tf.scalar(1),
                            List.of(index(tf, tf.op("Shape", x.get(0))), index(tf, tf.op("Shape", x.get(1)))));
                    return List.of(offsets.output(0), offsets.output(1));
                }));
    }

    private static Output<?> index(RawOps tf, Output<?> shape) {
        return tf.cast(shape, tf.type());
    }

    private static ParityCase broadcast(String name, ParityCase.Feed left, ParityCase.Feed right) {
        return many("BroadcastGradientArgs " + name, List.of(left, right), (tf, x) -> {
            List<Output<?>> shapes = x.stream()
                    .<Output<?>>map(each -> index(tf, tf.op("Shape", each)))
                    .toList();
            Operation axes = tf.operation("BroadcastGradientArgs", Map.of(), shapes.get(0), shapes.get(1));
            Output<?> gradient = tf.op("AddV2", x.get(0), x.get(1));
            List<Output<?>> gradients = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                gradients.add(tf.op("Reshape", tf.op("Sum", gradient, axes.output(i)), shapes.get(i)));
            }
            return gradients;
        });
    }

    private static Stream<ParityCase> pools() {
        long[][] windows = {{1, 2, 2, 1}, {1, 3, 2, 1}, {1, 3, 3, 1}};
        long[][] strides = {{1, 2, 2, 1}, {1, 1, 2, 1}, {1, 2, 2, 1}};
        double[] few = {-2, -1, 0, 1};
        return IntStream.range(0, 3)
                .boxed()
                .flatMap(i -> Stream.of("SAME", "VALID").flatMap(padding -> {
                    Map<String, Object> window = Map.of("ksize", windows[i], "strides", strides[i], "padding", padding);
                    String name = " " + padding + ", window " + i;
                    return Stream.of(
                            maxPool("MaxPoolGrad" + name, window, normal(-1, 7, 8, 3)),
                            maxPool("MaxPoolGrad of equal elements" + name, window, oneOf(few, -1, 7, 8, 3)),
                            of(
                                            "AvgPoolGrad" + name,
                                            normal(-1, 7, 8, 3),
                                            (tf, x) -> tf.op(
                                                    "AvgPoolGrad",
                                                    window,
                                                    tf.op("Shape", x),
                                                    tf.op("AvgPool", window, x)))
                                    .within(4e-6));
                }));
    }

    private static ParityCase maxPool(String name, Map<String, Object> window, ParityCase.Feed input) {
        return of(name, input, (tf, x) -> {
            Output<?> y = tf.op("MaxPool", window, x);
            return tf.op("MaxPoolGrad", window, x, y, tf.op("Square", y));
        });
    }

    private static Stream<ParityCase> kernels() {
        long[] twos = {1, 2, 2, 1};
        long[] explicit = {0, 0, 1, 2, 0, 3, 0, 0};
        return Stream.of(
                        kernels(Map.of("strides", ONES, "padding", "SAME"), 7, 8),
                        kernels(Map.of("strides", twos, "padding", "SAME"), 4, 4),
                        kernels(Map.of("strides", twos, "padding", "VALID"), 3, 4),
                        kernels(Map.of("strides", ONES, "padding", "EXPLICIT", "explicit_paddings", explicit), 8, 10))
                .flatMap(cases -> cases);
    }

    /** Both kinds of kernels of 3 x 2 on maps of 7 x 8 and 3 channels, where the result has some height and width. */
    private static Stream<ParityCase> kernels(Map<String, Object> window, long height, long width) {
        return Stream.of(
                kernel("Conv2DBackpropFilter", window, normal(-1, height, width, 4), 4),
                kernel("DepthwiseConv2dNativeBackpropFilter", window, normal(-1, height, width, 6), 2));
    }

    private static ParityCase kernel(String op, Map<String, Object> window, ParityCase.Feed gradient, int outputs) {
        String name = "%s %s %s".formatted(op, window.get("padding"), Arrays.toString((long[]) window.get("strides")));
        // Sums of up to 240 products.
        return of(
                        name,
                        normal(-1, 7, 8, 3),
                        gradient,
                        (tf, x, dy) -> tf.op(op, window, x, tf.ints(3, 2, 3, outputs), dy))
                .within(1e-5);
    }

    private static Stream<ParityCase> normalisation() {
        return Stream.of("", "V2", "V3")
                .map(version -> many(
                        "FusedBatchNormGrad" + version, List.of(normal(-1, 3, 4, 5), normal(-1, 3, 4, 5)), (tf, x) -> {
                            List<Object> inputs = new ArrayList<>(x);
                            inputs.add(floats(tf, tf.weights(5)));
                            inputs.add(floats(tf, tf.weights(5)));
                            inputs.add(floats(tf, tf.op("Square", tf.weights(5))));
                            if (version.equals("V3")) {
                                inputs.add(floats(tf, tf.weights(5)));
                            }
                            Operation gradients = tf.operation(
                                    "FusedBatchNormGrad" + version,
                                    Map.of("is_training", false, "epsilon", 1e-3f),
                                    inputs.toArray());
                            return List.of(gradients.output(0), gradients.output(1), gradients.output(2));
                        }));
    }

    private static Output<?> floats(RawOps tf, Output<?> x) {
        return tf.cast(x, DataType.DT_FLOAT);
    }
}
