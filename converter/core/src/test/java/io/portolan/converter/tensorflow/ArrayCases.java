package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.many;
import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;
import static io.portolan.converter.tensorflow.ParityCase.oneOf;
import static io.portolan.converter.tensorflow.ParityCase.truth;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;

/** Ops that name, make, join and cut tensors, and those on shapes. */
final class ArrayCases {
    private ArrayCases() {}

    static Stream<ParityCase> cases() {
        return Stream.of(aliases(), reshapes(), shapes(), layouts(), joints(), parts(), fills(), sequences())
                .flatMap(cases -> cases);
    }

    private static Stream<ParityCase> aliases() {
        return Stream.concat(
                Stream.of("Identity", "StopGradient", "PreventGradient", "Snapshot", "DeepCopy", "GuaranteeConst")
                        .map(op -> of(op, normal(-1, 3), (tf, x) -> tf.op("ExpandDims", tf.op(op, x), tf.scalar(0)))),
                Stream.of(
                        many("IdentityN", List.of(normal(-1, 3), truth(-1, 3)), (tf, x) -> {
                            Operation pair = tf.operation("IdentityN", Map.of(), x);
                            return List.of(pair.output(1), tf.op("ExpandDims", pair.output(0), tf.scalar(0)));
                        }),
                        of("Identity of an input as output", normal(-1, 3), (tf, x) -> tf.op("Identity", x)),
                        of("CheckNumerics", normal(-1, 3), (tf, x) -> tf.op("CheckNumerics", Map.of("message", ""), x)),
                        of(
                                "EnsureShape",
                                normal(-1, 3),
                                (tf, x) -> tf.op("EnsureShape", Map.of("shape", Shape.of(-1, 3)), x)),
                        of(
                                "PlaceholderWithDefault",
                                normal(-1, 3),
                                (tf, x) -> tf.op(
                                        "ConcatV2",
                                        List.of(
                                                x,
                                                tf.op(
                                                        "PlaceholderWithDefault",
                                                        Map.of("shape", Shape.of(2, 3)),
                                                        tf.weights(2, 3))),
                                        tf.scalar(0))),
                        many("Const and one value twice as outputs", List.of(normal(-1, 3)), (tf, inputs) -> {
                            Output<?> y = tf.op("ExpandDims", inputs.get(0), tf.scalar(1));
                            return List.of(y, tf.op("Identity", y), tf.weights(2, 2));
                        }),
                        of(
                                "Const as a splat",
                                normal(-1, 3),
                                (tf, x) -> tf.op(
                                        "ConcatV2",
                                        List.of(x, tf.op("Fill", tf.ints(2, 3), tf.number(1))),
                                        tf.scalar(0)))));
    }

    private static Stream<ParityCase> reshapes() {
        return Stream.of(
                of("Reshape", normal(-1, 4, 6), (tf, x) -> tf.op("Reshape", x, tf.ints(-1, 2, 12))),
                of(
                        "Reshape through Identity",
                        normal(-1, 4, 6),
                        (tf, x) -> tf.op("Reshape", x, tf.op("Identity", tf.ints(-1, 24)))),
                of(
                        "Reshape of the batch into rows and back",
                        normal(-1, 4, 6),
                        (tf, x) -> tf.op("Reshape", tf.op("Reshape", x, tf.ints(-1, 6)), tf.ints(-1, 4, 6))),
                of("Reshape to a computed shape", normal(-1, 4, 6), (tf, x) -> {
                    Output<?> batch = element(tf, tf.op("Shape", x), 0);
                    return tf.op("Reshape", x, tf.op("Pack", List.of(batch, tf.scalar(3), tf.scalar(8))));
                }),
                of("Reshape with two open sizes", normal(-1, -1, 6), (tf, x) -> {
                    Output<?> shape = tf.op("Shape", x);
                    Output<?> rows = tf.op("Mul", element(tf, shape, 1), tf.scalar(2));
                    return tf.op("Reshape", x, tf.op("Pack", List.of(element(tf, shape, 0), rows, tf.scalar(3))));
                }),
                of(
                        "Reshape to half the columns",
                        normal(-1, 8),
                        (tf, x) -> tf.op(
                                "Reshape",
                                x,
                                tf.op(
                                        "Pack",
                                        List.of(
                                                tf.scalar(-1),
                                                tf.op("FloorDiv", element(tf, tf.op("Shape", x), 1), tf.scalar(2)))))),
                of("ExpandDims", normal(-1, 4), (tf, x) -> tf.op("ExpandDims", x, tf.scalar(1))),
                of("ExpandDims at the end", normal(-1, 4), (tf, x) -> tf.op("ExpandDims", x, tf.scalar(-1))),
                of(
                        "Squeeze",
                        normal(-1, 1, 4, 1),
                        (tf, x) -> tf.op("Squeeze", Map.of("squeeze_dims", new long[] {1, -1}), x)),
                of("Squeeze of all axes", normal(2, 1, 4, 1), (tf, x) -> tf.op("Squeeze", x)));
    }

    private static Stream<ParityCase> shapes() {
        Map<String, Object> longs = Map.of("out_type", DataType.DT_INT64);
        return Stream.of(
                of("Shape", normal(-1, 4), (tf, x) -> tf.op("Shape", x)),
                of("Shape as INT64", normal(-1, 4), (tf, x) -> tf.op("Shape", longs, x)),
                of("Size", normal(-1, 4), (tf, x) -> tf.op("Size", x)),
                of("Size as INT64", normal(-1, -1), (tf, x) -> tf.op("Size", longs, x)),
                of("Rank", normal(-1, 4, 1), (tf, x) -> tf.op("Rank", x)),
                many("ShapeN", List.of(normal(-1, 4), normal(3)), (tf, inputs) -> {
                    Operation shapes = tf.operation("ShapeN", longs, inputs);
                    return List.of(shapes.output(0), shapes.output(1));
                }),
                of("BroadcastTo", normal(-1, 1, 4), (tf, x) -> tf.op("BroadcastTo", tf.weights(1, 4), tf.ints(3, 4))),
                of(
                        "BroadcastTo a computed shape",
                        normal(1, 4),
                        normal(-1, 4),
                        (tf, x, like) -> tf.op("BroadcastTo", x, tf.op("Shape", like))),
                of(
                        "BroadcastArgs",
                        oneOf(new double[] {1}, 3),
                        (tf, x) -> tf.op("BroadcastArgs", x, tf.numbers(4, 5, 1))),
                of(
                        "BroadcastArgs of two ranks",
                        oneOf(new double[] {7}, 2),
                        (tf, x) -> tf.op("BroadcastArgs", tf.numbers(4, 1, 1), x)));
    }

    static Output<?> element(RawOps tf, Output<?> vector, int index) {
        return tf.op(
                "StridedSlice", Map.of("shrink_axis_mask", 1), vector, tf.ints(index), tf.ints(index + 1), tf.ints(1));
    }

    private static Stream<ParityCase> layouts() {
        return Stream.of(
                of("Transpose", normal(-1, 4, 6), (tf, x) -> tf.op("Transpose", x, tf.ints(2, 0, 1))),
                of("ConjugateTranspose", normal(-1, 4, 6), (tf, x) -> tf.op("ConjugateTranspose", x, tf.ints(1, 0, 2))),
                of(
                        "DataFormatDimMap",
                        oneOf(new double[] {-1, 0, 1, 2, 3}, 2, -1),
                        (tf, x) -> tf.op("DataFormatDimMap", x)),
                of("DataFormatVecPermute", normal(4, 2), (tf, x) -> tf.op("DataFormatVecPermute", x)),
                of(
                        "DataFormatVecPermute of the spatial axes",
                        normal(2),
                        (tf, x) ->
                                tf.op("DataFormatVecPermute", Map.of("src_format", "NCHW", "dst_format", "NHWC"), x)));
    }

    private static Stream<ParityCase> joints() {
        return Stream.of(
                of(
                        "ConcatV2",
                        normal(-1, 4),
                        normal(-1, 2),
                        (tf, x, y) -> tf.op("ConcatV2", List.of(x, y, x), tf.scalar(-1))),
                of(
                        "ConcatV2 along the batch",
                        normal(-1, 4),
                        normal(-1, 4),
                        (tf, x, y) -> tf.op("ConcatV2", List.of(x, y), tf.scalar(0))),
                of("Concat", normal(-1, 4), normal(-1, 2), (tf, x, y) -> tf.op("Concat", tf.scalar(1), List.of(x, y))),
                of(
                        "Pack",
                        normal(-1, 4),
                        normal(-1, 4),
                        (tf, x, y) -> tf.op("Pack", Map.of("axis", -1), List.of(x, y))),
                of("Tile", normal(-1, 4), (tf, x) -> tf.op("Tile", x, tf.ints(2, 3))),
                of(
                        "Tile by a computed number",
                        normal(-1, 4),
                        (tf, x) -> tf.op(
                                "Tile", x, tf.op("Pack", List.of(element(tf, tf.op("Shape", x), 0), tf.scalar(1))))),
                of(
                        "Pad",
                        normal(-1, 4, 3),
                        (tf, x) -> tf.op("Pad", x, tf.op("Reshape", tf.ints(0, 0, 1, 2, 3, 0), tf.ints(3, 2)))),
                of(
                        "Pad by computed sizes",
                        normal(-1, 4),
                        (tf, x) -> tf.op(
                                "Pad",
                                x,
                                tf.op(
                                        "Reshape",
                                        tf.op("ConcatV2", List.of(tf.op("Shape", x), tf.ints(0, 1)), tf.scalar(0)),
                                        tf.ints(2, 2)))),
                of(
                        "PadV2",
                        normal(-1, 4),
                        (tf, x) ->
                                tf.op("PadV2", x, tf.op("Reshape", tf.ints(1, 0, 0, 2), tf.ints(2, 2)), tf.number(-3))),
                of(
                        "MirrorPad REFLECT",
                        normal(-1, 4, 5),
                        (tf, x) -> tf.op(
                                "MirrorPad",
                                Map.of("mode", "REFLECT"),
                                x,
                                tf.op("Reshape", tf.ints(0, 0, 3, 1, 0, 4), tf.ints(3, 2)))),
                of(
                        "MirrorPad SYMMETRIC",
                        normal(-1, 4, 5),
                        (tf, x) -> tf.op(
                                "MirrorPad",
                                Map.of("mode", "SYMMETRIC"),
                                x,
                                tf.op("Reshape", tf.ints(1, 0, 4, 1, 0, 5), tf.ints(3, 2)))));
    }

    private static Stream<ParityCase> parts() {
        return Stream.of(
                each("Unpack", normal(-1, 3, 2), 3, (tf, x) -> tf.operation("Unpack", Map.of("num", 3, "axis", 1), x)),
                each(
                        "Unpack of one",
                        normal(-1, 1),
                        1,
                        (tf, x) -> tf.operation("Unpack", Map.of("num", 1, "axis", -1), x)),
                each(
                        "Split",
                        normal(-1, 6),
                        3,
                        (tf, x) -> tf.operation("Split", Map.of("num_split", 3), tf.scalar(1), x)),
                each(
                        "SplitV",
                        normal(-1, 6),
                        3,
                        (tf, x) ->
                                tf.operation("SplitV", Map.of("num_split", 3), x, tf.ints(1, -1, 2), tf.scalar(-1))));
    }

    private interface ManyOutputs {
        Operation apply(RawOps tf, Output<?> x);
    }

    private static ParityCase each(String name, ParityCase.Feed feed, int count, ManyOutputs body) {
        return many(name, List.of(feed), (tf, inputs) -> {
            Operation operation = body.apply(tf, inputs.get(0));
            return IntStream.range(0, count)
                    .<Output<?>>mapToObj(operation::output)
                    .toList();
        });
    }

    private static Stream<ParityCase> fills() {
        return Stream.of(
                of(
                        "Fill",
                        normal(-1, 4),
                        (tf, x) -> tf.op(
                                "ConcatV2", List.of(x, tf.op("Fill", tf.ints(2, 4), tf.number(3))), tf.scalar(0))),
                of("Fill a computed shape", normal(-1, 4), (tf, x) -> tf.op("Fill", tf.op("Shape", x), tf.number(3))),
                of("RandomUniform of a dropout that keeps all", normal(-1, 4), (tf, x) -> {
                    Output<?> numbers = tf.op("RandomUniform", Map.of("dtype", tf.type()), tf.op("Shape", x));
                    return tf.op("Mul", x, tf.op("Floor", tf.op("AddV2", tf.number(1), numbers)));
                }),
                of("RandomUniform that is above a rate of 0", normal(-1, 4), (tf, x) -> {
                    Output<?> numbers = tf.op("RandomUniform", Map.of("dtype", tf.type()), tf.longs(2, 1, 4));
                    return tf.op("SelectV2", tf.op("GreaterEqual", numbers, tf.number(0)), x, tf.number(7));
                }),
                of("ZerosLike", normal(-1, 4), (tf, x) -> tf.op("ZerosLike", x)),
                of("OnesLike", normal(-1, 4), (tf, x) -> tf.op("OnesLike", x)),
                of(
                                "OneHot",
                                oneOf(DataType.DT_INT32, new double[] {-1, 0, 1, 2, 5}, -1, 3),
                                (tf, x) -> tf.op("OneHot", x, tf.scalar(4), tf.number(2), tf.number(-1)))
                        .on(ElementTypes.ANY),
                of(
                                "OneHot on another axis",
                                oneOf(DataType.DT_INT64, new double[] {0, 1, 2}, -1, 3),
                                (tf, x) ->
                                        tf.op("OneHot", Map.of("axis", 1), x, tf.scalar(3), tf.number(1), tf.number(0)))
                        .on(ElementTypes.FLOATS));
    }

    private static Stream<ParityCase> sequences() {
        return Stream.of(
                of("Range", oneOf(new double[] {5}), (tf, x) -> tf.op("Range", tf.number(-3), x, tf.number(2))),
                of(
                                "Range of a computed length",
                                normal(-1, 4),
                                (tf, x) ->
                                        tf.op("Range", tf.scalar(0), element(tf, tf.op("Shape", x), 0), tf.scalar(1)))
                        .on(ElementTypes.of(DataType.DT_FLOAT)),
                of("LinSpace", normal(), (tf, x) -> tf.op("LinSpace", x, tf.number(3), tf.scalar(7))),
                of("LinSpace of one", normal(), (tf, x) -> tf.op("LinSpace", x, tf.number(3), tf.scalar(1))));
    }
}
