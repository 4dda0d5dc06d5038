package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConvolutionParityTest {
    @ParameterizedTest
    @MethodSource("cases")
    void onnxComputesWhatTensorFlowDoes(ParityCase parity) {
        TensorFlowParity.check(parity);
    }

    private static final long[] ONES = {1, 1, 1, 1};

    static Stream<ParityCase> cases() {
        return Stream.of(convolutions(), depthwise(), pools(), networks()).flatMap(cases -> cases);
    }

    private static Stream<ParityCase> convolutions() {
        return Stream.of(
                conv("SAME", normal(-1, 9, 8, 3), Map.of("strides", ONES, "padding", "SAME"), 3, 3, 3, 4),
                conv("SAME, even kernel, stride 2", normal(-1, 9, 8, 3),
                        Map.of("strides", new long[] {1, 2, 2, 1}, "padding", "SAME"), 4, 2, 3, 4),
                conv("SAME, stride beyond the kernel", normal(-1, 9, 8, 3),
                        Map.of("strides", new long[] {1, 3, 3, 1}, "padding", "SAME"), 2, 2, 3, 4),
                conv("VALID, stride 2", normal(-1, 9, 8, 3),
                        Map.of("strides", new long[] {1, 2, 1, 1}, "padding", "VALID"), 3, 2, 3, 4),
                conv("SAME, dilated", normal(-1, 9, 8, 3), Map.of("strides", ONES, "padding", "SAME",
                        "dilations", new long[] {1, 2, 3, 1}), 3, 3, 3, 4),
                conv("EXPLICIT", normal(-1, 9, 8, 3), Map.of("strides", ONES, "padding", "EXPLICIT",
                        "explicit_paddings", new long[] {0, 0, 1, 2, 0, 3, 0, 0}), 3, 3, 3, 4),
                conv("SAME on open height and width", normal(-1, -1, -1, 3),
                        Map.of("strides", ONES, "padding", "SAME"), 3, 3, 3, 4));
    }

    private static ParityCase conv(String name, ParityCase.Feed feed, Map<String, Object> attributes, long... kernel) {
        return of("Conv2D " + name, feed, (tf, x) -> tf.op("Conv2D", attributes, x, tf.weights(kernel)))
                .within(1e-5);
    }

    private static Stream<ParityCase> depthwise() {
        return Stream.of(
                of("DepthwiseConv2dNative", normal(-1, 7, 6, 3), (tf, x) -> tf.op("DepthwiseConv2dNative",
                        Map.of("strides", ONES, "padding", "SAME"), x, tf.weights(3, 3, 3, 2))).within(1e-5),
                of("DepthwiseConv2dNative, stride 2", normal(-1, 7, 6, 3), (tf, x) -> tf.op("DepthwiseConv2dNative",
                        Map.of("strides", new long[] {1, 2, 2, 1}, "padding", "VALID"), x, tf.weights(2, 2, 3, 1)))
                        .within(1e-5));
    }

    private static Stream<ParityCase> pools() {
        ParityCase windowAsInputs = of("MaxPoolV2", normal(-1, 7, 8, 3), (tf, x) ->
                tf.op("MaxPoolV2", Map.of("padding", "SAME"), x, tf.ints(1, 3, 2, 1), tf.ints(1, 2, 3, 1)));
        return Stream.concat(Stream.of(windowAsInputs), poolsByAttributes());
    }

    private static Stream<ParityCase> poolsByAttributes() {
        return Stream.of("MaxPool", "AvgPool").flatMap(op -> Stream.of(
                of(op + " VALID", normal(-1, 7, 8, 3), (tf, x) -> tf.op(op, Map.of("ksize", new long[] {1, 2, 3, 1},
                        "strides", new long[] {1, 2, 2, 1}, "padding", "VALID"), x)),
                of(op + " SAME", normal(-1, 7, 8, 3), (tf, x) -> tf.op(op, Map.of("ksize", new long[] {1, 3, 2, 1},
                        "strides", new long[] {1, 2, 3, 1}, "padding", "SAME"), x)),
                of(op + " SAME, stride 1", normal(-1, 7, 8, 3), (tf, x) -> tf.op(op,
                        Map.of("ksize", new long[] {1, 3, 3, 1}, "strides", ONES, "padding", "SAME"), x))));
    }

    private static Stream<ParityCase> networks() {
        Map<String, Object> same = Map.of("strides", ONES, "padding", "SAME");
        return Stream.of(of("two convolutions and a pool", normal(-1, 8, 8, 3), (tf, x) -> {
            var features = tf.op("Conv2D", same, x, tf.weights(3, 3, 3, 8));
            var first = tf.op("Relu", tf.op("BiasAdd", features, tf.weights(8)));
            var second = tf.op("Conv2D", same, first, tf.weights(3, 3, 8, 4));
            return tf.op("Mean", tf.op("MaxPool", Map.of("ksize", new long[] {1, 2, 2, 1},
                    "strides", new long[] {1, 2, 2, 1}, "padding", "VALID"), second), tf.ints(1, 2));
        }).within(1e-5));
    }
}
