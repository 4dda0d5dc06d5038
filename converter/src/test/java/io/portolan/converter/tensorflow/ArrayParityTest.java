package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;
import static io.portolan.converter.tensorflow.ParityCase.truth;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;

class ArrayParityTest {
    @ParameterizedTest
    @MethodSource("cases")
    void onnxComputesWhatTensorFlowDoes(ParityCase parity) {
        TensorFlowParity.check(parity);
    }

    static Stream<ParityCase> cases() {
        return Stream.of(aliases(), reshapes(), dynamicShapes(), joints(), parts(), fills()).flatMap(cases -> cases);
    }

    private static Stream<ParityCase> aliases() {
        return Stream.concat(
                Stream.of("Identity", "StopGradient", "PreventGradient", "Snapshot")
                        .map(op -> of(op, normal(-1, 3), (tf, x) -> tf.op("Add", tf.op(op, x), tf.scalar(1f)))),
                Stream.of(
                        of("IdentityN", normal(-1, 3), truth(-1, 3), (tf, x, c) -> {
                            Operation pair = tf.operation("IdentityN", Map.of(), List.of(x, c));
                            return tf.op("Select", pair.output(1), pair.output(0), tf.op("Neg", x));
                        }),
                        of("an input as output", normal(-1, 3), (tf, x) -> tf.op("Identity", x)),
                        of("PlaceholderWithDefault", normal(-1, 3), (tf, x) -> tf.op("Mul", x,
                                tf.op("PlaceholderWithDefault", Map.of("shape", Shape.scalar()), tf.scalar(2f)))),
                        new ParityCase("a constant and one value twice as outputs", List.of(normal(-1, 3)), 0,
                                (tf, inputs) -> {
                                    Output<?> y = tf.op("Neg", inputs.get(0));
                                    return List.of(y, tf.op("Identity", y), tf.weights(2, 2));
                                })));
    }

    private static Stream<ParityCase> reshapes() {
        return Stream.of(
                of("Reshape", normal(-1, 4, 6), (tf, x) -> tf.op("Reshape", x, tf.ints(-1, 2, 12))),
                of("Reshape through Identity", normal(-1, 4, 6),
                        (tf, x) -> tf.op("Reshape", x, tf.op("Identity", tf.ints(-1, 24)))),
                of("Reshape of the batch into rows and back", normal(-1, 4, 6), (tf, x) ->
                        tf.op("Reshape", tf.op("Reshape", x, tf.ints(-1, 6)), tf.ints(-1, 4, 6))),
                of("Transpose", normal(-1, 4, 6), (tf, x) -> tf.op("Transpose", x, tf.ints(2, 0, 1))),
                of("ExpandDims", normal(-1, 4), (tf, x) -> tf.op("ExpandDims", x, tf.scalar(1))),
                of("ExpandDims at the end", normal(-1, 4), (tf, x) -> tf.op("ExpandDims", x, tf.scalar(-1))),
                of("Squeeze", normal(-1, 1, 4, 1),
                        (tf, x) -> tf.op("Squeeze", Map.of("squeeze_dims", new long[] {1, -1}), x)),
                of("Squeeze of all axes", normal(2, 1, 4, 1), (tf, x) -> tf.op("Squeeze", x)));
    }

    private static Stream<ParityCase> dynamicShapes() {
        return Stream.of(
                of("Shape", normal(-1, 4), (tf, x) -> tf.op("Shape", x)),
                of("Shape as INT64", normal(-1, 4),
                        (tf, x) -> tf.op("Shape", Map.of("out_type", DataType.DT_INT64), x)),
                of("Reshape to a computed shape", normal(-1, 4, 6), (tf, x) -> {
                    Output<?> batch = element(tf, tf.op("Shape", x), 0);
                    return tf.op("Reshape", x, tf.op("Pack", List.of(batch, tf.scalar(3), tf.scalar(8))));
                }),
                of("Reshape with two open sizes", normal(-1, -1, 6), (tf, x) -> {
                    Output<?> shape = tf.op("Shape", x);
                    Output<?> rows = tf.op("Mul", element(tf, shape, 1), tf.scalar(2));
                    return tf.op("Reshape", x, tf.op("Pack", List.of(element(tf, shape, 0), rows, tf.scalar(3))));
                }),
                of("BroadcastTo a computed shape", normal(1, 4), normal(-1, 4),
                        (tf, x, like) -> tf.op("BroadcastTo", x, tf.op("Shape", like))));
    }

    private static Output<?> element(RawOps tf, Output<?> vector, int index) {
        return tf.op("StridedSlice", Map.of("shrink_axis_mask", 1), vector, tf.ints(index), tf.ints(index + 1),
                tf.ints(1));
    }

    private static Stream<ParityCase> joints() {
        return Stream.of(
                of("ConcatV2", normal(-1, 4), normal(-1, 2),
                        (tf, x, y) -> tf.op("ConcatV2", List.of(x, y, x), tf.scalar(-1))),
                of("ConcatV2 along the batch", normal(-1, 4), normal(-1, 4),
                        (tf, x, y) -> tf.op("ConcatV2", List.of(x, y), tf.scalar(0))),
                of("Pack", normal(-1, 4), normal(-1, 4),
                        (tf, x, y) -> tf.op("Pack", Map.of("axis", -1), List.of(x, y))),
                of("Tile", normal(-1, 4), (tf, x) -> tf.op("Tile", x, tf.ints(2, 3))),
                of("Pad", normal(-1, 4, 3), (tf, x) -> tf.op("Pad", x,
                        tf.op("Reshape", tf.ints(0, 0, 1, 2, 3, 0), tf.ints(3, 2)))),
                of("PadV2", normal(-1, 4), (tf, x) -> tf.op("PadV2", x,
                        tf.op("Reshape", tf.ints(1, 0, 0, 2), tf.ints(2, 2)), tf.scalar(-3f))),
                of("GatherV2", normal(-1, 5), (tf, x) -> tf.op("GatherV2", x, tf.ints(4, 0, 0), tf.scalar(1))),
                of("GatherV2 with a matrix of indices", normal(-1, 5, 2), (tf, x) -> tf.op("GatherV2", x,
                        tf.op("Reshape", tf.ints(4, 0, 3, 1), tf.ints(2, 2)), tf.scalar(-2))));
    }

    private static Stream<ParityCase> parts() {
        return Stream.of(
                each("Unpack", normal(-1, 3, 2), 3,
                        (tf, x) -> tf.operation("Unpack", Map.of("num", 3, "axis", 1), x)),
                each("Unpack of one", normal(-1, 1), 1,
                        (tf, x) -> tf.operation("Unpack", Map.of("num", 1, "axis", -1), x)),
                each("Split", normal(-1, 6), 3,
                        (tf, x) -> tf.operation("Split", Map.of("num_split", 3), tf.scalar(1), x)),
                each("SplitV", normal(-1, 6), 3, (tf, x) -> tf.operation("SplitV", Map.of("num_split", 3), x,
                        tf.ints(1, -1, 2), tf.scalar(-1))));
    }

    private interface ManyOutputs {
        Operation apply(RawOps tf, Output<?> x);
    }

    private static ParityCase each(String name, ParityCase.Feed feed, int count, ManyOutputs body) {
        return new ParityCase(name, List.of(feed), 0, (tf, inputs) -> {
            Operation operation = body.apply(tf, inputs.get(0));
            return IntStream.range(0, count).<Output<?>>mapToObj(i -> tf.op("Neg", operation.output(i))).toList();
        });
    }

    private static Stream<ParityCase> fills() {
        return Stream.of(
                of("BroadcastTo", normal(-1, 1, 4), (tf, x) -> tf.op("Mul", x,
                        tf.op("BroadcastTo", tf.weights(1, 4), tf.ints(3, 4)))),
                of("Fill", normal(-1, 4), (tf, x) -> tf.op("Mul", x, tf.op("Fill", tf.ints(2, 1, 4), tf.scalar(3f)))),
                of("ZerosLike", normal(-1, 4), (tf, x) -> tf.op("ZerosLike", x)),
                of("OnesLike", normal(-1, 4), (tf, x) -> tf.op("OnesLike", x)),
                of("Const of each form", normal(-1, 4),
                        (tf, x) -> tf.op("Add", tf.op("Add", x, tf.scalar(2f)), tf.floats(1, 2, 3, 4))));
    }
}
