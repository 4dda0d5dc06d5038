package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.between;
import static io.portolan.converter.tensorflow.ParityCase.many;
import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;
import static io.portolan.converter.tensorflow.ParityCase.oneOf;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tensorflow.Operation;
import org.tensorflow.Output;

/** Ops of some kinds of models only: colours, boxes, recurrent cells, quantisation. */
final class ModelCases {
    private ModelCases() {}

    static Stream<ParityCase> cases() {
        return Stream.of(colours(), cells(), levels()).flatMap(cases -> cases);
    }

    private static Stream<ParityCase> colours() {
        return Stream.of(
                of(
                        "AdjustContrastv2",
                        between(0, 1, -1, 4, 5, 3),
                        (tf, x) -> tf.op("AdjustContrastv2", x, tf.scalar(1.5f))),
                of("RGBToHSV", between(0, 1, -1, 4, 5, 3), (tf, x) -> tf.op("RGBToHSV", x)),
                of(
                        "RGBToHSV of greys and pure colours",
                        oneOf(new double[] {0, 1}, -1, 4, 5, 3),
                        (tf, x) -> tf.op("RGBToHSV", x)),
                of("HSVToRGB", between(0, 1, -1, 4, 5, 3), (tf, x) -> tf.op("HSVToRGB", x)));
    }

    private static Stream<ParityCase> cells() {
        return Stream.concat(
                Stream.of(false, true)
                        .map(peephole -> many(
                                "LSTMBlockCell" + (peephole ? " with peepholes, clipped" : ""),
                                List.of(normal(-1, 3), normal(-1, 4), normal(-1, 4)),
                                (tf, x) -> all(
                                        tf.operation(
                                                "LSTMBlockCell",
                                                Map.of(
                                                        "use_peephole",
                                                        peephole,
                                                        "cell_clip",
                                                        peephole ? 0.5f : 3f,
                                                        "forget_bias",
                                                        0.7f),
                                                x.get(0),
                                                x.get(1),
                                                x.get(2),
                                                tf.weights(7, 16),
                                                tf.weights(4),
                                                tf.weights(4),
                                                tf.weights(4),
                                                tf.weights(16)),
                                        7))),
                Stream.of(many(
                        "GRUBlockCell",
                        List.of(normal(-1, 3), normal(-1, 4)),
                        (tf, x) -> all(
                                tf.operation(
                                        "GRUBlockCell",
                                        Map.of(),
                                        x.get(0),
                                        x.get(1),
                                        tf.weights(7, 8),
                                        tf.weights(7, 4),
                                        tf.weights(8),
                                        tf.weights(4)),
                                4))));
    }

    private static List<Output<?>> all(Operation operation, int count) {
        return IntStream.range(0, count).<Output<?>>mapToObj(operation::output).toList();
    }

    private static Stream<ParityCase> levels() {
        return Stream.of(
                of("FakeQuantWithMinMaxArgs", between(-8, 8, -1, 40), (tf, x) -> tf.op("FakeQuantWithMinMaxArgs", x)),
                of(
                        "FakeQuantWithMinMaxArgs of 4 bits",
                        between(-3, 3, -1, 40),
                        (tf, x) -> tf.op(
                                "FakeQuantWithMinMaxArgs",
                                Map.of("min", -1f, "max", 2.5f, "num_bits", 4, "narrow_range", true),
                                x)),
                of(
                        "FakeQuantWithMinMaxVars",
                        between(-3, 3, -1, 40),
                        (tf, x) -> tf.op("FakeQuantWithMinMaxVars", x, tf.scalar(-1.3f), tf.scalar(2.1f))),
                of(
                        "FakeQuantWithMinMaxVarsPerChannel",
                        between(-3, 3, -1, 4),
                        (tf, x) -> tf.op(
                                "FakeQuantWithMinMaxVarsPerChannel",
                                x,
                                tf.numbers(-1, -2, -0.5, 0),
                                tf.numbers(1, 0.7, 2.2, 3))));
    }
}
