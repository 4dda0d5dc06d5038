package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ElementTypes.FLOATING;
import static io.portolan.converter.tensorflow.ElementTypes.INTEGERS;
import static io.portolan.converter.tensorflow.ElementTypes.NUMBERS;
import static io.portolan.converter.tensorflow.ParityCase.between;
import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;
import static io.portolan.converter.tensorflow.ParityCase.oneOf;
import static io.portolan.converter.tensorflow.ParityCase.truth;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;

/** Cases of elementwise ops. */
final class ElementwiseCases {
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    private ElementwiseCases() {}

    static Stream<ParityCase> cases() {
        return Stream.of(
                        wrapped(),
                        large(),
                        everywhere(),
                        onIntervals(),
                        bySine(),
                        binary(),
                        divisions(),
                        comparisons(),
                        bits(),
                        special(),
                        choices())
                .flatMap(cases -> cases);
    }

    /** Integers over the whole range of each type, which wrap around; first, as small types are in the first case that has them. */
    private static Stream<ParityCase> wrapped() {
        double[] numbers = {
            -40000, -32768, -300, -129, -128, -127, -3, -1, 0, 1, 2, 100, 127, 128, 200, 255, 40000, 65535
        };
        double[] others = {-128, -7, -1, 1, 2, 3, 120, 255};
        return Stream.of(
                        Stream.of("Add", "AddV2", "Sub", "Mul", "Maximum", "Minimum")
                                .map(op -> of(
                                        op + " of integers",
                                        oneOf(numbers, -1, 90),
                                        oneOf(numbers, 90),
                                        (tf, x, y) -> tf.op(op, x, y))),
                        Stream.of("Less", "LessEqual", "Greater", "GreaterEqual", "Equal", "NotEqual")
                                .map(op -> of(
                                        op + " of integers",
                                        oneOf(numbers, -1, 90),
                                        oneOf(numbers, 90),
                                        (tf, x, y) -> tf.op(op, x, y))),
                        Stream.of("Div", "FloorDiv", "FloorMod", "TruncateDiv")
                                .map(op -> of(
                                        op + " of integers",
                                        oneOf(numbers, -1, 90),
                                        oneOf(others, 90),
                                        (tf, x, y) -> tf.op(op, x, y))),
                        Stream.of("Abs", "Neg", "Square", "Sign", "Invert", "Relu", "Relu6")
                                .map(op -> of(op + " of integers", oneOf(numbers, -1, 40), (tf, x) -> tf.op(op, x))),
                        Stream.of("Sum", "Max", "Min")
                                .map(op -> of(
                                        op + " of integers",
                                        oneOf(numbers, -1, 6),
                                        (tf, x) -> tf.op(op, x, tf.ints(1)))))
                .flatMap(cases -> cases)
                .map(parity -> parity.on(ElementTypes.INTEGERS.and(ElementTypes.WRAPPING_INTEGERS)));
    }

    /** Integers whose upper halves are equal, as those of times are, and the lower ones differ in their first bit. */
    private static Stream<ParityCase> large() {
        double[] numbers = {
            1, 4294967295.0, 2147483648.0, -1, -2147483649.0, -4294967296.0, 1732700000000.0, 1734700000000.0
        };
        return Stream.of(
                        Stream.of("Maximum", "Minimum", "Less", "Greater")
                                .map(op -> of(
                                        op + " of large integers",
                                        oneOf(numbers, -1, 90),
                                        oneOf(numbers, 90),
                                        (tf, x, y) -> tf.op(op, x, y))),
                        Stream.of("Max", "Min")
                                .flatMap(op -> Stream.of(new int[] {2}, new int[] {0, 2}, new int[] {-2})
                                        .map(axes -> of(
                                                op + " of large integers along " + Arrays.toString(axes),
                                                oneOf(numbers, -1, 5, 7),
                                                (tf, x) -> tf.op(op, x, tf.ints(axes))))),
                        Stream.of("Relu", "Relu6")
                                .map(op ->
                                        of(op + " of large integers", oneOf(numbers, -1, 9), (tf, x) -> tf.op(op, x))),
                        Stream.of(of(
                                "ClipByValue of large integers",
                                oneOf(numbers, -1, 90),
                                (tf, x) -> tf.op("ClipByValue", x, tf.number(2), tf.number(4294967294.0)))))
                .flatMap(cases -> cases)
                .map(parity -> parity.on(ElementTypes.of(DataType.DT_INT64)));
    }

    private static Stream<ParityCase> everywhere() {
        return Stream.of(
                        "Abs",
                        "Neg",
                        "Square",
                        "Softplus",
                        "Softsign",
                        "Relu",
                        "Relu6",
                        "Elu",
                        "Selu",
                        "LeakyRelu",
                        "Erf",
                        "Floor",
                        "Ceil",
                        "Sign",
                        "Atan",
                        "Asinh",
                        "Expm1",
                        "Rint",
                        "Round")
                .map(op -> of(op, between(-8, 8, -1, 40), (tf, x) -> tf.op(op, x)));
    }

    private static Stream<ParityCase> onIntervals() {
        return Stream.of(
                unary("Tanh", -8, 8).on(FLOATING),
                unary("Sigmoid", -8, 8).on(FLOATING),
                unary("Asin", -1, 1),
                unary("Acos", -1, 1),
                unary("Acosh", 1, 30),
                unary("Atanh", -0.99, 0.99),
                unary("Log", 0.01, 50),
                unary("Sqrt", 0.01, 50),
                unary("Rsqrt", 0.01, 50),
                unary("Reciprocal", 0.01, 50),
                unary("Inv", 0.01, 50),
                unary("Log1p", -0.99, 50),
                unary("Erfc", -4, 9),
                unary("Erfinv", -0.999, 0.999),
                unary("Lgamma", -5.7, 60),
                unary("Digamma", 0.05, 60));
    }

    private static ParityCase unary(String op, double low, double high) {
        return of(op, between(low, high, -1, 40), (tf, x) -> tf.op(op, x));
    }

    /** ONNX Runtime's sine of doubles is off by some units in the last place; functions that are composed of it, by a few times that. */
    private static Stream<ParityCase> bySine() {
        ParityCase power = of("Pow", between(0.1, 4, -1, 5), normal(-1, 5), (tf, x, y) -> tf.op("Pow", x, y));
        return Stream.of(
                        unary("Sin", -4, 4),
                        unary("Cos", -4, 4),
                        unary("Tan", -1.2, 1.2),
                        unary("Tanh", -1, 1),
                        unary("Sigmoid", -1, 1),
                        unary("Exp", -8, 8),
                        unary("Sinh", -6, 6),
                        unary("Cosh", -6, 6),
                        power)
                .flatMap(parity -> Stream.of(
                        parity.on(ElementTypes.of(DataType.DT_FLOAT, DataType.DT_COMPLEX64)),
                        parity.on(ElementTypes.of(DataType.DT_DOUBLE, DataType.DT_COMPLEX128))
                                .within(2e-5),
                        parity.on(ElementTypes.HALVES)));
    }

    private static Stream<ParityCase> binary() {
        return Stream.concat(
                Stream.of(
                                "Add",
                                "AddV2",
                                "Sub",
                                "Mul",
                                "Div",
                                "RealDiv",
                                "SquaredDifference",
                                "Maximum",
                                "Minimum",
                                "DivNoNan",
                                "MulNoNan",
                                "Xdivy",
                                "Xlogy",
                                "Xlog1py")
                        .flatMap(op -> Stream.of(
                                of(
                                        op + " of one shape",
                                        normal(-1, 5),
                                        between(1, 2, -1, 5),
                                        (tf, x, y) -> tf.op(op, x, y)),
                                of(
                                        op + " broadcast",
                                        normal(-1, 1, 5),
                                        between(1, 2, 4, 1),
                                        (tf, x, y) -> tf.op(op, x, y)))),
                Stream.of(of("Pow of integers", normal(-1, 5), between(0, 4, 5), (tf, x, y) -> tf.op("Pow", x, y))
                        .on(INTEGERS)));
    }

    private static Stream<ParityCase> divisions() {
        double[] numbers = {-7, -6, -2, -1, 0, 1, 3, 8, 9};
        double[] divisors = {-5, -3, -1, 1, 2, 4};
        return Stream.concat(
                Stream.of("FloorDiv", "FloorMod", "Mod", "TruncateMod", "TruncateDiv", "Div")
                        .map(op -> of(
                                        op + " of every sign",
                                        oneOf(numbers, -1, 40),
                                        oneOf(divisors, 40),
                                        (tf, x, y) -> tf.op(op, x, y))
                                .on(NUMBERS)),
                Stream.of("DivNoNan", "MulNoNan", "Xdivy", "Xlogy", "Xlog1py")
                        .map(op -> of(
                                op + " with zeros",
                                oneOf(new double[] {0, 1, 2.5}, -1, 40),
                                oneOf(new double[] {0, 0.5, 3}, 40),
                                (tf, x, y) -> tf.op(op, x, y))));
    }

    private static Stream<ParityCase> comparisons() {
        double[] numbers = {-1, 0, 1, 2};
        return Stream.of(
                        Stream.of("Less", "LessEqual", "Greater", "GreaterEqual", "Equal", "NotEqual")
                                .map(op -> of(
                                        op,
                                        oneOf(numbers, -1, 9),
                                        oneOf(numbers, -1, 9),
                                        (tf, x, y) -> tf.op(op, x, y))),
                        Stream.of("LogicalAnd", "LogicalOr")
                                .map(op -> of(op, truth(-1, 9), truth(9), (tf, x, y) -> tf.op(op, x, y))),
                        Stream.of("IsNan", "IsInf", "IsFinite")
                                .map(op -> of(
                                        op,
                                        oneOf(new double[] {Double.NaN, INFINITY, -INFINITY, 0, 1}, -1, 20),
                                        (tf, x) -> tf.op(op, x))),
                        Stream.of(
                                of("LogicalNot", truth(-1, 9), (tf, x) -> tf.op("LogicalNot", x)),
                                of(
                                        "ApproximateEqual",
                                        between(-1, 1, -1, 30),
                                        (tf, x) -> tf.op(
                                                "ApproximateEqual",
                                                Map.of("tolerance", 0.5f),
                                                x,
                                                tf.op("ZerosLike", x)))))
                .flatMap(cases -> cases);
    }

    private static Stream<ParityCase> bits() {
        double[] numbers = {-1000, -8, -1, 0, 1, 5, 255, 1 << 20, Integer.MAX_VALUE, Integer.MIN_VALUE};
        return Stream.concat(
                Stream.of("BitwiseAnd", "BitwiseOr", "BitwiseXor")
                        .map(op -> of(op, oneOf(numbers, -1, 30), oneOf(numbers, 30), (tf, x, y) -> tf.op(op, x, y))),
                Stream.of(
                        of("Invert", oneOf(numbers, -1, 30), (tf, x) -> tf.op("Invert", x)),
                        of(
                                "LeftShift",
                                oneOf(numbers, -1, 90),
                                oneOf(new double[] {0, 1, 4, 30, 31}, 90),
                                (tf, x, y) -> tf.op("LeftShift", x, y)),
                        of(
                                "RightShift",
                                oneOf(numbers, -1, 90),
                                oneOf(new double[] {0, 1, 4, 30, 31}, 90),
                                (tf, x, y) -> tf.op("RightShift", x, y)),
                        of(
                                        "RightShift to the end",
                                        oneOf(numbers, -1, 30),
                                        (tf, x) -> tf.op("RightShift", x, tf.number(63)))
                                .on(ElementTypes.of(DataType.DT_INT64))));
    }

    /** Where the plain formulas cancel, divide 0 by 0, or lose the sign of zero. */
    private static Stream<ParityCase> special() {
        double[] edges = {0.0, -0.0, 1, -1, 2.5, -2.5, 1e-30, -1e-30, 1e30, INFINITY, -INFINITY};
        return Stream.of(
                        Stream.of("Expm1", "Log1p", "Asinh", "Atanh", "Sinh", "Asin", "Atan", "Tan")
                                .map(op -> of(
                                                op + " near 0",
                                                between(-1e-4, 1e-4, -1, 50),
                                                (tf, x) -> tf.op("Mul", tf.op(op, x), tf.number(1e4)))
                                        .on(FLOATING)),
                        Stream.of("Expm1", "Atan", "Sign", "Relu", "Elu", "Sigmoid", "Tanh")
                                .map(op -> of(op + " at the ends", oneOf(edges, -1, 40), (tf, x) -> tf.op(op, x))
                                        .on(FLOATING)),
                        Stream.of(
                                // The square in the exponent of what it is multiplied by is rounded, too.
                                of(
                                                "Erfc in the tail, relative to its size",
                                                between(1, 4, -1, 40),
                                                (tf, x) -> tf.op(
                                                        "Mul", tf.op("Erfc", x), tf.op("Exp", tf.op("Square", x))))
                                        .within(1e-5),
                                of("Erfc as GELU", between(-12, 12, -1, 40), (tf, x) -> {
                                    Output<?> scaled = tf.op("Mul", tf.op("Neg", x), tf.number(Math.sqrt(0.5)));
                                    return tf.op("Mul", tf.op("Mul", x, tf.number(0.5)), tf.op("Erfc", scaled));
                                }),
                                of(
                                        "Log1p at the ends",
                                        oneOf(new double[] {0, -1, 1e30, INFINITY}, -1, 20),
                                        (tf, x) -> tf.op("Log1p", x)),
                                of(
                                                "Erfinv at the ends",
                                                oneOf(new double[] {0, 1, -1, 2, 0.99999994, -1e-30}, -1, 20),
                                                (tf, x) -> tf.op("Erfinv", x))
                                        // In float64, TensorFlow itself is off by 6e-11 at 0.99999994.
                                        .on(ElementTypes.of(DataType.DT_FLOAT)),
                                of(
                                        "Lgamma at the ends",
                                        oneOf(new double[] {0, 1, 2, -1, -7, 1e-30, 1e30, INFINITY}, -1, 20),
                                        (tf, x) -> tf.op("Lgamma", x)),
                                of(
                                        "Digamma at the ends",
                                        oneOf(new double[] {0, -1, -7, 0.5, -0.25, 1e30, INFINITY}, -1, 20),
                                        (tf, x) -> tf.op("Digamma", x)),
                                of("Acosh near 1", between(1, 1.0001, -1, 50), (tf, x) -> tf.op("Acosh", x)),
                                of("Atan2", normal(-1, 200), normal(-1, 200), (tf, y, x) -> tf.op("Atan2", y, x))
                                        .within(3e-7),
                                of(
                                                "Atan2 on the axes and at the ends",
                                                oneOf(edges, -1, 400),
                                                oneOf(edges, -1, 400),
                                                (tf, y, x) -> tf.op("Atan2", y, x))
                                        .within(3e-7)))
                .flatMap(cases -> cases);
    }

    private static Stream<ParityCase> choices() {
        return Stream.of(
                of("AddN", normal(-1, 4), normal(-1, 4), (tf, x, y) -> tf.op("AddN", List.of(x, y, x))),
                of(
                        "AccumulateNV2",
                        normal(-1, 4),
                        normal(-1, 4),
                        (tf, x, y) -> tf.op("AccumulateNV2", Map.of("shape", Shape.of(-1, 4)), List.of(x, y, x))),
                of(
                        "ClipByValue",
                        between(-3, 3, -1, 9),
                        (tf, x) -> tf.op("ClipByValue", x, tf.number(-1), tf.number(2))),
                of("LeakyRelu with a slope", normal(-1, 9), (tf, x) -> tf.op("LeakyRelu", Map.of("alpha", 0.01f), x)),
                of(
                        "Select elementwise",
                        truth(-1, 4),
                        normal(-1, 4),
                        (tf, c, x) -> tf.op("Select", c, x, tf.op("ReverseV2", x, tf.ints(-1)))),
                of(
                        "Select of rows",
                        truth(-1),
                        normal(-1, 4),
                        (tf, c, x) -> tf.op("Select", c, x, tf.op("ReverseV2", x, tf.ints(-1)))),
                of(
                        "SelectV2 broadcast",
                        truth(-1, 4),
                        normal(-1, 1),
                        (tf, c, x) -> tf.op("SelectV2", c, x, tf.number(7))));
    }
}
