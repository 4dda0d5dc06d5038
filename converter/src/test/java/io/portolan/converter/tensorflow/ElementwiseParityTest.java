package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.between;
import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;
import static io.portolan.converter.tensorflow.ParityCase.oneOf;
import static io.portolan.converter.tensorflow.ParityCase.truth;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

class ElementwiseParityTest {
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    @ParameterizedTest
    @MethodSource("cases")
    void onnxComputesWhatTensorFlowDoes(ParityCase parity) {
        TensorFlowParity.check(parity);
    }

    static Stream<ParityCase> cases() {
        return Stream.of(smooth(), positive(), binary(), integral(), comparisons(), special(), choices())
                .flatMap(cases -> cases);
    }

    private static Stream<ParityCase> smooth() {
        return Stream.of("Abs", "Neg", "Exp", "Square", "Sin", "Cos", "Tanh", "Sigmoid", "Softplus", "Relu", "Relu6",
                        "Elu", "Selu", "LeakyRelu", "Erf", "Floor", "Ceil", "Sign", "Atan", "Expm1", "Rint", "Round")
                .map(op -> of(op, between(-8, 8, -1, 40), (tf, x) -> tf.op(op, x)));
    }

    private static Stream<ParityCase> positive() {
        return Stream.concat(
                Stream.of("Log", "Sqrt", "Rsqrt", "Reciprocal")
                        .map(op -> of(op, between(0.01, 50, -1, 40), (tf, x) -> tf.op(op, x))),
                Stream.of(of("Log1p", between(-0.99, 50, -1, 40), (tf, x) -> tf.op("Log1p", x)),
                        of("Tan", between(-1.5, 1.5, -1, 40), (tf, x) -> tf.op("Tan", x)),
                        of("Pow", between(0.1, 4, -1, 5), normal(-1, 5), (tf, x, y) -> tf.op("Pow", x, y))));
    }

    private static Stream<ParityCase> binary() {
        return Stream.of("Add", "AddV2", "Sub", "Mul", "Div", "RealDiv", "SquaredDifference", "Maximum", "Minimum")
                .flatMap(op -> Stream.of(
                        of(op + " of one shape", normal(-1, 5), between(1, 2, -1, 5), (tf, x, y) -> tf.op(op, x, y)),
                        of(op + " broadcast", normal(-1, 1, 5), between(1, 2, 4, 1), (tf, x, y) -> tf.op(op, x, y))));
    }

    private static Stream<ParityCase> integral() {
        double[] numbers = {-7, -2, -1, 1, 3, 8};
        return Stream.of("AddV2", "Sub", "Mul", "Maximum", "Minimum").map(op -> of(op + " of integers",
                oneOf(DataType.DT_INT32, numbers, -1, 6), oneOf(DataType.DT_INT32, numbers, 6),
                (tf, x, y) -> tf.op(op, x, y)));
    }

    private static Stream<ParityCase> comparisons() {
        double[] numbers = {-1, 0, 1, 2};
        return Stream.concat(
                Stream.of("Less", "LessEqual", "Greater", "GreaterEqual", "Equal", "NotEqual").map(op -> of(op,
                        oneOf(DataType.DT_FLOAT, numbers, -1, 9), oneOf(DataType.DT_FLOAT, numbers, -1, 9),
                        (tf, x, y) -> tf.op(op, x, y))),
                Stream.concat(Stream.of("LogicalAnd", "LogicalOr").map(
                                op -> of(op, truth(-1, 9), truth(9), (tf, x, y) -> tf.op(op, x, y))),
                        Stream.of(of("LogicalNot", truth(-1, 9), (tf, x) -> tf.op("LogicalNot", x)))));
    }

    /** Where the plain formulas cancel, divide 0 by 0, or lose the sign of zero. */
    private static Stream<ParityCase> special() {
        double[] edges = {0.0, -0.0, 1, -1, 2.5, -2.5, 1e-30, -1e-30, 1e30, INFINITY, -INFINITY};
        return Stream.of(
                of("Expm1 near 0", between(-1e-4, 1e-4, -1, 50), (tf, x) -> scaled(tf, tf.op("Expm1", x), 1e4f)),
                of("Log1p near 0", between(-1e-4, 1e-4, -1, 50), (tf, x) -> scaled(tf, tf.op("Log1p", x), 1e4f)),
                of("Expm1 at the ends", oneOf(DataType.DT_FLOAT, edges, -1, 40), (tf, x) -> tf.op("Expm1", x)),
                of("Log1p at the ends", oneOf(DataType.DT_FLOAT, new double[] {0, -1, 1e30, INFINITY}, -1, 20),
                        (tf, x) -> tf.op("Log1p", x)),
                of("Atan2", normal(-1, 200), normal(-1, 200), (tf, y, x) -> tf.op("Atan2", y, x)).within(3e-7),
                of("Atan2 on the axes and at the ends", oneOf(DataType.DT_FLOAT, edges, -1, 400),
                        oneOf(DataType.DT_FLOAT, edges, -1, 400), (tf, y, x) -> tf.op("Atan2", y, x)).within(3e-7));
    }

    private static Output<?> scaled(RawOps tf, Output<?> x, float factor) {
        return tf.op("Mul", x, tf.scalar(factor));
    }

    private static Stream<ParityCase> choices() {
        return Stream.of(
                of("AddN", normal(-1, 4), normal(-1, 4), (tf, x, y) -> tf.op("AddN", List.of(x, y, x))),
                of("ClipByValue", normal(-1, 9), (tf, x) -> tf.op("ClipByValue", x, tf.scalar(-0.5f), tf.scalar(1f))),
                of("LeakyRelu with a slope", normal(-1, 9), (tf, x) -> tf.op("LeakyRelu", Map.of("alpha", 0.01f), x)),
                of("Select elementwise", truth(-1, 4), normal(-1, 4),
                        (tf, c, x) -> tf.op("Select", c, x, tf.op("Neg", x))),
                of("Select of rows", truth(-1), normal(-1, 4),
                        (tf, c, x) -> tf.op("Select", c, x, tf.op("Exp", x))),
                of("SelectV2 broadcast", truth(-1, 4), normal(-1, 1),
                        (tf, c, x) -> tf.op("SelectV2", c, x, tf.scalar(7f))),
                of("SelectV2 of truth values", truth(-1, 4), truth(-1, 4),
                        (tf, c, x) -> tf.op("SelectV2", c, x, tf.op("LogicalNot", x))));
    }
}
