package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tensorflow.Output;

/** Convolutions and pools. */
final class ConvolutionCases {
    private ConvolutionCases() {}

    private static final long[] ONES = {1, 1, 1, 1};

    static Stream<ParityCase> cases() {
        return Stream.of(convolutions(), volumes(), transposed(), depthwise(), pools(), networks())
                .flatMap(cases -> cases);
    }

    private static Stream<ParityCase> convolutions() {
        return Stream.of(
                conv("SAME", normal(-1, 9, 8, 3), Map.of("strides", ONES, "padding", "SAME"), 3, 3, 3, 4),
                conv(
                        "SAME, even kernel, stride 2",
                        normal(-1, 9, 8, 3),
                        Map.of("strides", new long[] {1, 2, 2, 1}, "padding", "SAME"),
                        4,
                        2,
                        3,
                        4),
                conv(
                        "SAME, stride beyond the kernel",
                        normal(-1, 9, 8, 3),
                        Map.of("strides", new long[] {1, 3, 3, 1}, "padding", "SAME"),
                        2,
                        2,
                        3,
                        4),
                conv(
                        "VALID, stride 2",
                        normal(-1, 9, 8, 3),
                        Map.of("strides", new long[] {1, 2, 1, 1}, "padding", "VALID"),
                        3,
                        2,
                        3,
                        4),
                conv(
                        "SAME, dilated",
                        normal(-1, 9, 8, 3),
                        Map.of("strides", ONES, "padding", "SAME", "dilations", new long[] {1, 2, 3, 1}),
                        3,
                        3,
                        3,
                        4),
                conv(
                        "EXPLICIT",
                        normal(-1, 9, 8, 3),
                        Map.of("strides", ONES, "padding", "EXPLICIT", "explicit_paddings", new long[] {
                            0, 0, 1, 2, 0, 3, 0, 0
                        }),
                        3,
                        3,
                        3,
                        4),
                conv(
                        "SAME on open height and width",
                        normal(-1, -1, -1, 3),
                        Map.of("strides", ONES, "padding", "SAME"),
                        3,
                        3,
                        3,
                        4));
    }

    private static ParityCase conv(String name, ParityCase.Feed feed, Map<String, Object> attributes, long... kernel) {
        return of("Conv2D " + name, feed, (tf, x) -> tf.op("Conv2D", attributes, x, tf.weights(kernel)))
                .within(1e-5);
    }

    private static Stream<ParityCase> depthwise() {
        return Stream.of(
                of(
                                "DepthwiseConv2dNative",
                                normal(-1, 7, 6, 3),
                                (tf, x) -> tf.op(
                                        "DepthwiseConv2dNative",
                                        Map.of("strides", ONES, "padding", "SAME"),
                                        x,
                                        tf.weights(3, 3, 3, 2)))
                        .within(1e-5),
                of(
                                "DepthwiseConv2dNative, stride 2",
                                normal(-1, 7, 6, 3),
                                (tf, x) -> tf.op(
                                        "DepthwiseConv2dNative",
                                        Map.of("strides", new long[] {1, 2, 2, 1}, "padding", "VALID"),
                                        x,
                                        tf.weights(2, 2, 3, 1)))
                        .within(1e-5));
    }

    private static Stream<ParityCase> volumes() {
        long[] ones = {1, 1, 1, 1, 1};
        return Stream.of(
                of(
                                "Conv3D SAME",
                                normal(-1, 4, 5, 6, 2),
                                (tf, x) -> tf.op(
                                        "Conv3D",
                                        Map.of("strides", ones, "padding", "SAME"),
                                        x,
                                        tf.weights(3, 2, 3, 2, 4)))
                        .within(1e-5),
                of(
                                "Conv3D VALID, stride 2",
                                normal(-1, 5, 5, 6, 2),
                                (tf, x) -> tf.op(
                                        "Conv3D",
                                        Map.of("strides", new long[] {1, 2, 1, 2, 1}, "padding", "VALID"),
                                        x,
                                        tf.weights(3, 2, 3, 2, 4)))
                        .within(1e-5));
    }

    /** Sizes of the output that several inputs would lead to, so that the size asked for counts. */
    private static Stream<ParityCase> transposed() {
        return Stream.of(
                transposed("SAME, stride 2, even", 4, 5, new int[] {8, 10}, new long[] {1, 2, 2, 1}, "SAME"),
                transposed("SAME, stride 2, odd", 4, 5, new int[] {7, 9}, new long[] {1, 2, 2, 1}, "SAME"),
                transposed("VALID, stride 3", 2, 3, new int[] {6, 10}, new long[] {1, 3, 3, 1}, "VALID"),
                transposed("SAME, stride 1", 4, 5, new int[] {4, 5}, ONES, "SAME"),
                of(
                                "Conv2DBackpropInput of a computed shape",
                                normal(-1, 4, 5, 4),
                                (tf, y) -> tf.op(
                                        "Conv2DBackpropInput",
                                        Map.of("strides", new long[] {1, 2, 2, 1}, "padding", "SAME"),
                                        tf.op(
                                                "Pack",
                                                List.of(
                                                        ArrayCases.element(tf, tf.op("Shape", y), 0),
                                                        tf.scalar(8),
                                                        tf.scalar(10),
                                                        tf.scalar(2))),
                                        tf.weights(3, 3, 2, 4),
                                        y))
                        .within(1e-5),
                of(
                                "DepthwiseConv2dNativeBackpropInput",
                                normal(3, 4, 5, 6),
                                (tf, y) -> tf.op(
                                        "DepthwiseConv2dNativeBackpropInput",
                                        Map.of("strides", new long[] {1, 2, 2, 1}, "padding", "SAME"),
                                        tf.ints(3, 8, 9, 3),
                                        tf.weights(3, 3, 3, 2),
                                        y))
                        .within(1e-5),
                of(
                                "Conv3DBackpropInputV2",
                                normal(3, 2, 3, 2, 4),
                                (tf, y) -> tf.op(
                                        "Conv3DBackpropInputV2",
                                        Map.of("strides", new long[] {1, 2, 2, 2, 1}, "padding", "SAME"),
                                        tf.ints(3, 4, 5, 3, 2),
                                        tf.weights(3, 3, 3, 2, 4),
                                        y))
                        .within(1e-5));
    }

    private static ParityCase transposed(
            String name, int height, int width, int[] size, long[] strides, String padding) {
        return of(
                        "Conv2DBackpropInput " + name,
                        normal(3, height, width, 4),
                        (tf, y) -> tf.op(
                                "Conv2DBackpropInput",
                                Map.of("strides", strides, "padding", padding),
                                tf.ints(3, size[0], size[1], 2),
                                tf.weights(3, 3, 2, 4),
                                y))
                .within(1e-5);
    }

    private static Stream<ParityCase> pools() {
        return Stream.concat(
                planes(),
                Stream.of("MaxPool3D", "AvgPool3D")
                        .flatMap(op -> Stream.of(
                                of(
                                        op + " VALID",
                                        normal(-1, 4, 5, 6, 2),
                                        (tf, x) -> tf.op(
                                                op,
                                                Map.of(
                                                        "ksize",
                                                        new long[] {1, 2, 2, 3, 1},
                                                        "strides",
                                                        new long[] {1, 2, 1, 2, 1},
                                                        "padding",
                                                        "VALID"),
                                                x)),
                                of(
                                        op + " SAME",
                                        normal(-1, 4, 5, 6, 2),
                                        (tf, x) -> tf.op(
                                                op,
                                                Map.of(
                                                        "ksize",
                                                        new long[] {1, 3, 2, 3, 1},
                                                        "strides",
                                                        new long[] {1, 2, 2, 1, 1},
                                                        "padding",
                                                        "SAME"),
                                                x)))));
    }

    private static Stream<ParityCase> planes() {
        ParityCase windowAsInputs = of(
                "MaxPoolV2",
                normal(-1, 7, 8, 3),
                (tf, x) -> tf.op("MaxPoolV2", Map.of("padding", "SAME"), x, tf.ints(1, 3, 2, 1), tf.ints(1, 2, 3, 1)));
        return Stream.of(Stream.of(windowAsInputs), poolsByAttributes(), poolsOfPadded())
                .flatMap(cases -> cases);
    }

    /** Zeros are larger than the negative numbers that they stand beside, unlike what a pool pads with. */
    private static Stream<ParityCase> poolsOfPadded() {
        return Stream.of("SAME", "VALID")
                .map(padding -> of("MaxPoolV2 " + padding + " of padded", normal(-1, 7, 8, 3), (tf, x) -> {
                    Output<?> pads = tf.op("Reshape", tf.ints(0, 0, 1, 1, 1, 1, 0, 0), tf.ints(4, 2));
                    return tf.op(
                            "MaxPoolV2",
                            Map.of("padding", padding),
                            tf.op("Pad", x, pads),
                            tf.ints(1, 3, 3, 1),
                            tf.ints(1, 2, 2, 1));
                }));
    }

    private static Stream<ParityCase> poolsByAttributes() {
        return Stream.of("MaxPool", "AvgPool")
                .flatMap(op -> Stream.of(
                        of(
                                op + " VALID",
                                normal(-1, 7, 8, 3),
                                (tf, x) -> tf.op(
                                        op,
                                        Map.of(
                                                "ksize",
                                                new long[] {1, 2, 3, 1},
                                                "strides",
                                                new long[] {1, 2, 2, 1},
                                                "padding",
                                                "VALID"),
                                        x)),
                        of(
                                op + " SAME",
                                normal(-1, 7, 8, 3),
                                (tf, x) -> tf.op(
                                        op,
                                        Map.of(
                                                "ksize",
                                                new long[] {1, 3, 2, 1},
                                                "strides",
                                                new long[] {1, 2, 3, 1},
                                                "padding",
                                                "SAME"),
                                        x)),
                        of(
                                op + " SAME, stride 1",
                                normal(-1, 7, 8, 3),
                                (tf, x) -> tf.op(
                                        op,
                                        Map.of("ksize", new long[] {1, 3, 3, 1}, "strides", ONES, "padding", "SAME"),
                                        x))));
    }

    private static Stream<ParityCase> networks() {
        Map<String, Object> same = Map.of("strides", ONES, "padding", "SAME");
        return Stream.of(of("Conv2D twice and a pool", normal(-1, 8, 8, 3), (tf, x) -> {
                    var features = tf.op("Conv2D", same, x, tf.weights(3, 3, 3, 8));
                    var first = tf.op("Relu", tf.op("BiasAdd", features, tf.weights(8)));
                    var second = tf.op("Conv2D", same, first, tf.weights(3, 3, 8, 4));
                    return tf.op(
                            "Mean",
                            tf.op(
                                    "MaxPool",
                                    Map.of(
                                            "ksize",
                                            new long[] {1, 2, 2, 1},
                                            "strides",
                                            new long[] {1, 2, 2, 1},
                                            "padding",
                                            "VALID"),
                                    second),
                            tf.ints(1, 2));
                })
                .within(1e-5));
    }
}
