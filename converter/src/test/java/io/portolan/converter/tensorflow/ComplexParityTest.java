package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.between;
import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;
import static io.portolan.converter.tensorflow.ParityCase.oneOf;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

class ComplexParityTest {
    @ParameterizedTest
    @MethodSource("cases")
    void onnxComputesWhatTensorFlowDoes(ParityCase parity) {
        TensorFlowParity.check(parity);
    }

    /** What a case does with one complex tensor. */
    private interface Body {
        Output<?> apply(RawOps tf, Output<?> z);
    }

    static Stream<ParityCase> cases() {
        return Stream.of(parts(), arithmetic(), layouts(), casts()).flatMap(cases -> cases);
    }

    /** A complex tensor from two inputs; real and imaginary part of what the body makes of it are the outputs. */
    private static ParityCase complex(String name, Body body, long... shape) {
        return new ParityCase(name, List.of(normal(shape), between(0.5, 2, shape)), ParityCase.FLOAT_ROUNDING,
                (tf, inputs) -> {
                    Output<?> z = body.apply(tf, tf.op("Complex", inputs.get(0), inputs.get(1)));
                    return List.of(tf.op("Real", z), tf.op("Imag", z));
                });
    }

    private static Stream<ParityCase> parts() {
        double[] sizes = {0, 1e-30, -3, 1e30, 4};
        return Stream.of(
                complex("Complex, Real and Imag", (tf, z) -> z, -1, 4),
                complex("Conj", (tf, z) -> tf.op("Conj", z), -1, 4),
                of("Complex broadcast", normal(-1, 1), normal(4),
                        (tf, x, y) -> tf.op("Real", tf.op("Complex", x, y))),
                of("ComplexAbs", normal(-1, 4), normal(-1, 4),
                        (tf, x, y) -> tf.op("ComplexAbs", tf.op("Complex", x, y))),
                of("ComplexAbs of extremes", oneOf(DataType.DT_FLOAT, sizes, -1, 40),
                        oneOf(DataType.DT_FLOAT, sizes, -1, 40),
                        (tf, x, y) -> tf.op("ComplexAbs", tf.op("Complex", x, y))),
                of("Angle", normal(-1, 40), normal(-1, 40),
                        (tf, x, y) -> tf.op("Angle", tf.op("Complex", x, y))));
    }

    private static Stream<ParityCase> arithmetic() {
        return Stream.of(
                Stream.of("Add", "AddV2", "Sub", "Mul", "Div", "RealDiv").map(op -> complex(op + " of complex tensors",
                        (tf, z) -> tf.op(op, z, tf.op("Conj", z)), -1, 4)),
                Stream.of("Neg", "Exp", "Square", "Reciprocal", "Identity", "StopGradient", "ZerosLike")
                        .map(op -> complex(op + " of a complex tensor", (tf, z) -> tf.op(op, z), -1, 4)),
                Stream.of(
                        complex("AddN of complex tensors", (tf, z) -> tf.op("AddN", List.of(z, z)), -1, 4),
                        complex("Sum of a complex tensor", (tf, z) -> tf.op("Sum", z, tf.ints(1)), -1, 4),
                        complex("Mean of a complex tensor", (tf, z) -> tf.op("Mean", z, tf.ints(1)), -1, 4),
                        complex("MatMul of complex matrices", (tf, z) ->
                                tf.op("MatMul", Map.of("transpose_b", true), z, z), -1, 4),
                        complex("BatchMatMulV2 of complex matrices", (tf, z) ->
                                tf.op("BatchMatMulV2", Map.of("adj_y", true), z, z), -1, 3, 4)))
                .flatMap(cases -> cases);
    }

    private static Stream<ParityCase> layouts() {
        return Stream.of(
                complex("Reshape of a complex tensor", (tf, z) -> tf.op("Reshape", z, tf.ints(-1, 2, 6)), -1, 4, 3),
                complex("Transpose of a complex tensor", (tf, z) -> tf.op("Transpose", z, tf.ints(0, 2, 1)), -1, 4, 3),
                complex("ConcatV2 of complex tensors", (tf, z) ->
                        tf.op("ConcatV2", List.of(z, tf.op("Neg", z)), tf.scalar(1)), -1, 4),
                complex("Pack of complex tensors", (tf, z) -> tf.op("Pack", List.of(z, tf.op("Conj", z))), -1, 4),
                complex("StridedSlice of a complex tensor", (tf, z) -> tf.op("StridedSlice",
                        Map.of("begin_mask", 1, "end_mask", 1), z, tf.ints(0, 1), tf.ints(0, 3), tf.ints(1, 1)), -1, 4),
                complex("Pad of a complex tensor", (tf, z) -> tf.op("Pad", z,
                        tf.op("Reshape", tf.ints(0, 0, 2, 1), tf.ints(2, 2))), -1, 4),
                new ParityCase("Unpack of a complex tensor", List.of(normal(-1, 2), normal(-1, 2)), 0, (tf, inputs) -> {
                    Operation parts = tf.operation("Unpack", Map.of("num", 2, "axis", 1),
                            tf.op("Complex", inputs.get(0), inputs.get(1)));
                    return IntStream.range(0, 2).<Output<?>>mapToObj(i -> tf.op("Imag", parts.output(i))).toList();
                }));
    }

    private static Stream<ParityCase> casts() {
        return Stream.of(
                complex("Cast of a complex tensor", (tf, z) -> tf.op("Cast", Map.of("DstT", DataType.DT_COMPLEX64),
                        tf.op("Cast", Map.of("DstT", DataType.DT_FLOAT), z)), -1, 4),
                complex("Shape of a complex tensor", (tf, z) -> tf.op("Reshape", z, tf.op("Shape", z)), -1, 4),
                of("Cast to integers", between(-9, 9, -1, 20),
                        (tf, x) -> tf.op("Cast", Map.of("DstT", DataType.DT_INT32), x)),
                of("Cast to truth values", oneOf(DataType.DT_INT32, new double[] {0, 1, 2}, -1, 9),
                        (tf, x) -> tf.op("Cast", Map.of("DstT", DataType.DT_BOOL), x)),
                of("Cast to doubles", normal(-1, 9), (tf, x) -> tf.op("Cast", Map.of("DstT", DataType.DT_DOUBLE), x)));
    }
}
