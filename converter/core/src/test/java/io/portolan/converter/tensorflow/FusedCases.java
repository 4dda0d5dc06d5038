package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ElementTypes.FLOAT_ONLY;
import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Cases of fused ops and of quantisation. */
final class FusedCases {
    private static final String[] ACTIVATIONS = {"Relu", "Relu6", "Elu", "LeakyRelu"};

    private FusedCases() {}

    static Stream<ParityCase> cases() {
        return Stream.of(convolutions(), products(), roundings(), quantised()).flatMap(cases -> cases);
    }

    private static Stream<ParityCase> convolutions() {
        return Stream.concat(
                Stream.of(convolution(), convolution("Relu"), convolution("Elu"), convolution("LeakyRelu")),
                Stream.of(normalized(), normalized("Relu6")));
    }

    private static ParityCase convolution(String... behind) {
        return of(
                "_FusedConv2D with BiasAdd " + String.join(" ", behind),
                normal(-1, 6, 5, 3),
                (tf, x) -> tf.op(
                        "_FusedConv2D",
                        convolution(tf, 1, "BiasAdd", behind),
                        x,
                        tf.weights(3, 2, 3, 4),
                        List.of(tf.weights(4)),
                        List.of()));
    }

    private static ParityCase normalized(String... behind) {
        return of(
                        "_FusedConv2D with FusedBatchNorm " + String.join(" ", behind),
                        normal(-1, 6, 5, 3),
                        (tf, x) -> tf.op(
                                "_FusedConv2D",
                                convolution(tf, 4, "FusedBatchNorm", behind),
                                x,
                                tf.weights(3, 2, 3, 4),
                                List.of(tf.weights(4), tf.weights(4), tf.weights(4), tf.op("Abs", tf.weights(4))),
                                List.of()))
                .on(FLOAT_ONLY);
    }

    private static Map<String, Object> convolution(RawOps tf, int arguments, String first, String... behind) {
        Map<String, Object> attributes = new HashMap<>(fused(first, behind));
        attributes.put("T", tf.type());
        attributes.put("num_args", arguments);
        attributes.put("strides", new long[] {1, 2, 1, 1});
        attributes.put("padding", "SAME");
        attributes.put("epsilon", 0.01f);
        return attributes;
    }

    private static Map<String, Object> fused(String first, String... behind) {
        List<String> names = new ArrayList<>(List.of(first));
        names.addAll(List.of(behind));
        return Map.of("fused_ops", names.toArray(String[]::new), "leakyrelu_alpha", 0.3f);
    }

    private static Stream<ParityCase> products() {
        return Stream.concat(
                Stream.of(ACTIVATIONS).map(name -> product("_FusedMatMul with BiasAdd " + name, name)),
                Stream.of(product("_FusedMatMul with BiasAdd"), product("_FusedMatMul with BiasAdd Tanh", "Tanh")));
    }

    private static ParityCase product(String name, String... behind) {
        return of(
                name,
                normal(-1, 5),
                (tf, x) -> tf.op(
                        "_FusedMatMul",
                        with(fused("BiasAdd", behind), "transpose_b", true),
                        x,
                        tf.weights(3, 5),
                        List.of(tf.weights(3))));
    }

    private static Map<String, Object> with(Map<String, Object> attributes, String name, Object value) {
        Map<String, Object> more = new HashMap<>(attributes);
        more.put(name, value);
        return more;
    }

    private static Stream<ParityCase> roundings() {
        return Stream.of("QuantizeAndDequantizeV2", "QuantizeAndDequantizeV4")
                .flatMap(op -> Stream.of(
                        of(op, normal(-1, 40), (tf, x) -> tf.op(op, x, tf.number(0), tf.number(0))),
                        of(
                                op + " in a range",
                                normal(-1, 40),
                                (tf, x) -> tf.op(
                                        op,
                                        Map.of("range_given", true, "narrow_range", true, "num_bits", 5),
                                        x,
                                        tf.number(-1.5),
                                        tf.number(1))),
                        of(
                                op + " without sign",
                                normal(-1, 40),
                                (tf, x) -> tf.op(
                                        op,
                                        Map.of("range_given", true, "signed_input", false, "round_mode", "HALF_UP"),
                                        x,
                                        tf.number(0),
                                        tf.number(2))),
                        of(
                                op + " along an axis",
                                normal(7, 3, 4),
                                (tf, x) -> tf.op(op, Map.of("axis", 1), x, tf.numbers(0, 0, 0), tf.numbers(0, 0, 0)))));
    }

    private static Stream<ParityCase> quantised() {
        return Stream.concat(
                Stream.of(
                        of(
                                "QuantizeAndDequantizeV3",
                                normal(-1, 40),
                                (tf, x) -> tf.op(
                                        "QuantizeAndDequantizeV3", x, tf.number(-2), tf.number(1.5), tf.scalar(6))),
                        of(
                                "QuantizeAndDequantizeV3 in its own range",
                                normal(-1, 40),
                                (tf, x) -> tf.op(
                                        "QuantizeAndDequantizeV3",
                                        Map.of("range_given", false),
                                        x,
                                        tf.number(0),
                                        tf.number(0),
                                        tf.scalar(8)))),
                Stream.of("QuantizeV2", "Dequantize")
                        .flatMap(op -> Stream.of(
                                        DataType.DT_QUINT8, DataType.DT_QINT8, DataType.DT_QUINT16, DataType.DT_QINT16)
                                .flatMap(type -> Stream.of("MIN_COMBINED", "MIN_FIRST", "SCALED")
                                        .map(mode -> quantised(op, type, mode)))));
    }

    private static ParityCase quantised(String op, DataType type, String mode) {
        return of(
                        op + " " + type + ", " + mode,
                        normal(-1, 40).of(DataType.DT_FLOAT),
                        (tf, x) -> back(
                                tf,
                                mode,
                                tf.operation(
                                        "QuantizeV2",
                                        Map.of("T", type, "mode", mode),
                                        x,
                                        tf.scalar(-2.5f),
                                        tf.scalar(2f))))
                .on(ElementTypes.of(type));
    }

    private static Output<?> back(RawOps tf, String mode, Operation quantised) {
        return tf.op("Dequantize", Map.of("mode", mode), quantised.output(0), quantised.output(1), quantised.output(2));
    }
}
