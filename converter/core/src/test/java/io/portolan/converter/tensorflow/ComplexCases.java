package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ElementTypes.COMPLEX;
import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;
import static io.portolan.converter.tensorflow.ParityCase.oneOf;

import java.util.Map;
import java.util.stream.Stream;
import org.tensorflow.proto.DataType;

/** Cases of conversions between real and complex tensors, and of complex functions at their limits; other cases run with complex types too. */
final class ComplexCases {
    private ComplexCases() {}

    static Stream<ParityCase> cases() {
        return Stream.of(parts(), limits(), casts()).flatMap(cases -> cases);
    }

    private static Stream<ParityCase> parts() {
        return Stream.concat(
                Stream.of("Real", "Imag", "Conj", "ComplexAbs", "Angle")
                        .map(op -> of(op, normal(-1, 40), (tf, z) -> tf.op(op, z))),
                Stream.of(
                        of("Complex", normal(-1, 4), normal(-1, 4), (tf, x, y) -> tf.op("Complex", x, y)),
                        of("Complex broadcast", normal(-1, 1), normal(4), (tf, x, y) -> tf.op("Complex", x, y))));
    }

    private static Stream<ParityCase> limits() {
        double[] sizes = {0, 1e-30, -3, 1e30, 4};
        double[] axes = {-2, -0.0, 0, 3};
        return Stream.concat(
                Stream.of(
                        of("ComplexAbs of extremes", oneOf(sizes, -1, 40), (tf, z) -> tf.op("ComplexAbs", z)),
                        of(
                                        "DivNoNan by a complex 0",
                                        normal(-1, 40),
                                        oneOf(axes, 40),
                                        (tf, x, y) -> tf.op("DivNoNan", x, y))
                                .on(COMPLEX)),
                Stream.of("Sqrt", "Sign", "Angle")
                        .map(op -> of(
                                        op + " on the axes",
                                        oneOf(new double[] {-2, 0, 3}, -1, 40),
                                        (tf, z) -> tf.op(op, z))
                                .on(COMPLEX)));
    }

    private static Stream<ParityCase> casts() {
        return Stream.of(
                        DataType.DT_FLOAT,
                        DataType.DT_DOUBLE,
                        DataType.DT_INT32,
                        DataType.DT_INT64,
                        DataType.DT_BOOL,
                        DataType.DT_COMPLEX64,
                        DataType.DT_COMPLEX128,
                        DataType.DT_HALF)
                .flatMap(to -> Stream.of(of(
                        "Cast to " + to,
                        oneOf(new double[] {-9.7, -1.5, -0.4, 0, 0.6, 1, 2.5, 300.25}, -1, 20),
                        (tf, x) -> tf.op("Cast", Map.of("DstT", to), x))));
    }
}
