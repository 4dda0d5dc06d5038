package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.between;
import static io.portolan.converter.tensorflow.ParityCase.many;
import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;
import static io.portolan.converter.tensorflow.ParityCase.oneOf;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Ops along axes whose sizes, and with operands that, are known only at run time. */
final class OpenSizeCases {
    private OpenSizeCases() {}

    static Stream<ParityCase> cases() {
        return Stream.of(windows(), transposed(), along(), blocks(), cumulative(), parts(), pads(), indices(), images())
                .flatMap(cases -> cases);
    }

    /** The input with axes shortened by the batch, so that their sizes are open and differ from run to run. */
    static Output<?> opened(RawOps tf, Output<?> x, Integer... axes) {
        int rank = x.shape().numDimensions();
        Output<?> batch = batch(tf, x);
        List<Output<?>> begin = IntStream.range(0, rank)
                .<Output<?>>mapToObj(axis -> List.of(axes).contains(axis) ? batch : tf.scalar(0))
                .toList();
        int[] rest = new int[rank];
        Arrays.fill(rest, -1);
        return tf.op("Slice", x, tf.op("Pack", begin), tf.ints(rest));
    }

    /** The size of the first axis. */
    static Output<?> batch(RawOps tf, Output<?> x) {
        return ArrayCases.element(tf, tf.op("Shape", x), 0);
    }

    private static Stream<ParityCase> windows() {
        return Stream.of(
                window(
                        "Conv2D SAME, stride 2",
                        Map.of("strides", new long[] {1, 2, 3, 1}, "padding", "SAME"),
                        4,
                        3,
                        3,
                        4),
                window(
                        "Conv2D SAME, stride beyond the kernel",
                        Map.of("strides", new long[] {1, 3, 1, 1}, "padding", "SAME"),
                        2,
                        2,
                        3,
                        4),
                window(
                        "Conv2D VALID, stride 2",
                        Map.of("strides", new long[] {1, 2, 2, 1}, "padding", "VALID"),
                        2,
                        3,
                        3,
                        4),
                window(
                        "Conv2D SAME, stride 2 and dilated",
                        Map.of("strides", new long[] {1, 2, 1, 1}, "padding", "SAME", "dilations", new long[] {
                            1, 2, 3, 1
                        }),
                        2,
                        2,
                        3,
                        4),
                window(
                        "DepthwiseConv2dNative SAME, stride 2",
                        Map.of("strides", new long[] {1, 2, 2, 1}, "padding", "SAME"),
                        3,
                        3,
                        3,
                        2),
                of(
                                "Conv3D SAME, stride 2",
                                normal(-1, 7, 8, 5, 2),
                                (tf, x) -> tf.op(
                                        "Conv3D",
                                        Map.of("strides", new long[] {1, 2, 2, 3, 1}, "padding", "SAME"),
                                        opened(tf, x, 1, 2, 3),
                                        tf.weights(3, 2, 3, 2, 4)))
                        .within(1e-5),
                pool("MaxPool", 4),
                pool("AvgPool", 4),
                pool("MaxPool3D", 5),
                pool("AvgPool3D", 5),
                of(
                        "MaxPoolV2 SAME of open sizes",
                        normal(-1, 9, 8, 2),
                        (tf, x) -> tf.op(
                                "MaxPoolV2",
                                Map.of("padding", "SAME"),
                                opened(tf, x, 1, 2),
                                tf.ints(1, 3, 2, 1),
                                tf.ints(1, 2, 3, 1))));
    }

    private static ParityCase window(String name, Map<String, Object> attributes, long... kernel) {
        return of(
                        name + ", of open sizes",
                        normal(-1, 9, 8, 3),
                        (tf, x) -> tf.op(name.split("[ ,]")[0], attributes, opened(tf, x, 1, 2), tf.weights(kernel)))
                .within(1e-5);
    }

    private static ParityCase pool(String op, int rank) {
        long[] shape = {-1, 9, 8, 7, 6};
        long[] size = {1, 3, 4, 2, 2};
        long[] strides = {1, 2, 3, 2, 1};
        size[rank - 1] = 1;
        strides[rank - 1] = 1;
        Map<String, Object> attributes =
                Map.of("ksize", Arrays.copyOf(size, rank), "strides", Arrays.copyOf(strides, rank), "padding", "SAME");
        return of(
                op + " SAME of open sizes",
                normal(Arrays.copyOf(shape, rank)),
                (tf, x) -> tf.op(op, attributes, opened(tf, x, 1, 2)));
    }

    private static Stream<ParityCase> transposed() {
        return Stream.of(
                transposed("SAME, stride 2", "SAME", 0),
                transposed("SAME, odd sizes", "SAME", -1),
                transposed("VALID, stride 2", "VALID", 1),
                transposed("VALID, beyond the last window", "VALID", 2),
                of("Conv2DBackpropInput SAME of sizes that are not tracked", normal(-1, 5, 6, 4), (tf, y) -> {
                            var small = opened(tf, y, 1, 2);
                            // The batch is 1 or 3, which leaves 3 times the size or one less.
                            var shape = tf.op("Shape", small);
                            var height = tf.op(
                                    "Sub",
                                    tf.op("Mul", ArrayCases.element(tf, shape, 1), tf.scalar(3)),
                                    tf.op("FloorDiv", batch(tf, y), tf.scalar(2)));
                            var width = tf.op(
                                    "Maximum",
                                    tf.scalar(1),
                                    tf.op("Mul", ArrayCases.element(tf, shape, 2), tf.scalar(2)));
                            return tf.op(
                                    "Conv2DBackpropInput",
                                    Map.of("strides", new long[] {1, 3, 2, 1}, "padding", "SAME"),
                                    tf.op("Pack", List.of(batch(tf, y), height, width, tf.scalar(2))),
                                    tf.weights(4, 3, 2, 4),
                                    small);
                        })
                        .within(1e-5),
                of("Conv3DBackpropInputV2 of open sizes", normal(-1, 4, 3, 5, 4), (tf, y) -> {
                            var small = opened(tf, y, 1, 3);
                            var shape = tf.op("Mul", tf.op("Shape", small), tf.ints(1, 2, 2, 2, 1));
                            return tf.op(
                                    "Conv3DBackpropInputV2",
                                    Map.of("strides", new long[] {1, 2, 2, 2, 1}, "padding", "SAME"),
                                    tf.op("Sub", shape, tf.ints(0, 0, 0, 0, 2)),
                                    tf.weights(3, 3, 3, 2, 4),
                                    small);
                        })
                        .within(1e-5));
    }

    private static ParityCase transposed(String name, String padding, int more) {
        return of("Conv2DBackpropInput " + name + ", of open sizes", normal(-1, 5, 6, 4), (tf, y) -> {
                    var small = opened(tf, y, 1, 2);
                    var shape = tf.op("Mul", tf.op("Shape", small), tf.ints(1, 2, 2, 1));
                    return tf.op(
                            "Conv2DBackpropInput",
                            Map.of("strides", new long[] {1, 2, 2, 1}, "padding", padding),
                            tf.op("Sub", shape, tf.ints(0, -more, -more, 2)),
                            tf.weights(3, 3, 2, 4),
                            small);
                })
                .within(1e-5);
    }

    private static Stream<ParityCase> along() {
        return Stream.of(
                of(
                        "Roll along open axes",
                        normal(-1, 7, 6),
                        (tf, x) -> tf.op("Roll", opened(tf, x, 1, 2), tf.ints(2, -9, 1), tf.ints(1, 2, -2))),
                of(
                        "Roll by a computed shift",
                        normal(-1, 5),
                        (tf, x) -> tf.op("Roll", x, tf.op("FloorDiv", batch(tf, x), tf.scalar(2)), tf.scalar(1))),
                of(
                        "Roll of an empty axis",
                        normal(-1, 3),
                        (tf, x) -> tf.op("Roll", opened(tf, x, 1), tf.scalar(1), tf.scalar(1))),
                of(
                        "ReverseV2 of open axes",
                        normal(-1, 7, 6),
                        (tf, x) -> tf.op("ReverseV2", opened(tf, x, 1, 2), tf.ints(0, -1))),
                of(
                        "Cumsum of an open axis",
                        normal(-1, 7, 2),
                        (tf, x) -> tf.op("Cumsum", opened(tf, x, 1), tf.scalar(1))));
    }

    private static Stream<ParityCase> blocks() {
        return Stream.of(
                of("SpaceToBatchND of open sizes", normal(-1, 8, 6, 2), (tf, x) -> {
                    var open = opened(tf, x, 1, 2);
                    var spatial = tf.op("Slice", tf.op("Shape", open), tf.ints(1), tf.ints(2));
                    var behind = tf.op("FloorMod", tf.op("Neg", spatial), tf.ints(2, 3));
                    var paddings = tf.op("Pack", Map.of("axis", 1), List.of(tf.ints(0, 3), behind));
                    return tf.op("SpaceToBatchND", open, tf.ints(2, 3), paddings);
                }),
                of("BatchToSpaceND of computed crops", normal(4, 3, -1, 2), (tf, x) -> {
                    var size = tf.op("Sub", ArrayCases.element(tf, tf.op("Shape", x), 2), tf.scalar(1));
                    var crops = tf.op("Pack", List.of(tf.op("Pack", List.of(tf.scalar(1), size)), tf.ints(0, 1)));
                    return tf.op("BatchToSpaceND", x, tf.ints(2, 2), crops);
                }));
    }

    private static Stream<ParityCase> cumulative() {
        return Stream.of("Cumprod", "CumulativeLogsumexp")
                .flatMap(op -> Stream.of(
                        of(
                                op + " of an open axis",
                                normal(-1, 8),
                                (tf, x) -> tf.op(op, opened(tf, x, 1), tf.scalar(1))),
                        of(
                                op + " of an open axis, exclusive and backwards",
                                normal(-1, 9, 2),
                                (tf, x) -> tf.op(
                                        op,
                                        Map.of("exclusive", true, "reverse", true),
                                        opened(tf, x, 1),
                                        tf.scalar(-2))),
                        of(
                                op + " of an empty axis, exclusive",
                                normal(-1, 3),
                                (tf, x) -> tf.op(op, Map.of("exclusive", true), opened(tf, x, 1), tf.scalar(1)))));
    }

    private static Stream<ParityCase> parts() {
        return Stream.of(
                outputs(
                        "Split of an open axis",
                        2,
                        normal(-1, 7),
                        (tf, x) -> tf.operation("Split", Map.of("num_split", 2), tf.scalar(1), opened(tf, x, 1))),
                outputs(
                        "SplitV of computed sizes",
                        3,
                        normal(-1, 7),
                        (tf, x) -> tf.operation(
                                "SplitV",
                                Map.of("num_split", 3),
                                x,
                                tf.op("Pack", List.of(batch(tf, x), tf.scalar(-1), tf.scalar(2))),
                                tf.scalar(1))),
                outputs(
                        "SplitV of an open axis",
                        2,
                        normal(-1, 7, 2),
                        (tf, x) -> tf.operation(
                                "SplitV", Map.of("num_split", 2), opened(tf, x, 1), tf.ints(3, -1), tf.scalar(1))));
    }

    private interface ManyOutputs {
        Operation apply(RawOps tf, Output<?> x);
    }

    private static ParityCase outputs(String name, int count, ParityCase.Feed feed, ManyOutputs body) {
        return many(name, List.of(feed), (tf, inputs) -> {
            Operation operation = body.apply(tf, inputs.get(0));
            return IntStream.range(0, count)
                    .<Output<?>>mapToObj(operation::output)
                    .toList();
        });
    }

    private static Stream<ParityCase> pads() {
        return Stream.of("REFLECT", "SYMMETRIC")
                .map(mode -> of("MirrorPad " + mode + " by computed sizes", normal(-1, 8, 4), (tf, x) -> {
                    var pads = tf.op(
                            "Pack",
                            List.of(tf.ints(0, 0), tf.op("Pack", List.of(batch(tf, x), tf.scalar(0))), tf.ints(1, 2)));
                    return tf.op("MirrorPad", Map.of("mode", mode), opened(tf, x, 1), pads);
                }));
    }

    private static Stream<ParityCase> indices() {
        return Stream.of(
                of(
                        "GatherV2 in batches, of a later axis",
                        normal(-1, 2, 5, 3),
                        oneOf(DataType.DT_INT32, new double[] {0, 2, 4}, -1, 3, 2),
                        (tf, x, i) -> tf.op("GatherV2", Map.of("batch_dims", 1), x, i, tf.scalar(2))),
                of(
                        "GatherV2 in batches, one index each",
                        normal(-1, 4, 5),
                        oneOf(DataType.DT_INT32, new double[] {0, 2, 4}, -1),
                        (tf, x, i) -> tf.op("GatherV2", Map.of("batch_dims", 1), opened(tf, x, 1), i, tf.scalar(-1))),
                of(
                        "GatherV2 in batches of two axes",
                        normal(-1, 2, 4, 5),
                        oneOf(DataType.DT_INT32, new double[] {0, 1, 2}, -1, 2, 3),
                        (tf, x, i) -> tf.op("GatherV2", Map.of("batch_dims", 2), x, i, tf.scalar(3))),
                of(
                        "SegmentMax of open sizes",
                        normal(-1, 4),
                        (tf, x) -> tf.op(
                                "SegmentMax",
                                x,
                                tf.op(
                                        "FloorDiv",
                                        tf.op("Range", tf.scalar(0), batch(tf, x), tf.scalar(1)),
                                        tf.scalar(2)))),
                of(
                        "UnravelIndex of computed sizes",
                        oneOf(new double[] {0, 3, 5}, -1),
                        (tf, x) -> tf.op(
                                "UnravelIndex",
                                x,
                                tf.op(
                                        "Cast",
                                        Map.of("DstT", tf.type()),
                                        tf.op("Pack", List.of(tf.op("Size", x), tf.scalar(2), tf.scalar(3)))))),
                of("LinSpace of a computed number", normal(-1), (tf, x) -> {
                    var first = ArrayCases.element(tf, x, 0);
                    return tf.op("LinSpace", first, tf.number(3), tf.op("Size", x));
                }));
    }

    private static Stream<ParityCase> images() {
        return Stream.of("ResizeBilinear", "ResizeNearestNeighbor", "ResizeBicubic")
                .flatMap(op -> Stream.of(
                                Map.<String, Object>of("half_pixel_centers", true),
                                Map.<String, Object>of("align_corners", true),
                                Map.<String, Object>of())
                        .flatMap(grid -> Stream.of(
                                image(op + " of an open image " + grid, grid, (tf, x) -> tf.ints(5, 11)),
                                image(
                                        op + " by a factor " + grid,
                                        grid,
                                        (tf, x) -> tf.op("Mul", extent(tf, x), tf.ints(2, 3))),
                                image(
                                        op + " to a fraction " + grid,
                                        grid,
                                        (tf, x) -> tf.op(
                                                "FloorDiv",
                                                tf.op("Mul", extent(tf, x), tf.ints(5, 2)),
                                                tf.scalar(3))))));
    }

    private static Output<?> extent(RawOps tf, Output<?> image) {
        return tf.op("Slice", tf.op("Shape", image), tf.ints(1), tf.ints(2));
    }

    private static ParityCase image(
            String name, Map<String, Object> grid, BiFunction<RawOps, Output<?>, Output<?>> size) {
        return of(name, between(0, 9, -1, 9, 8, 2), (tf, x) -> {
                    var image = opened(tf, x, 1, 2);
                    return tf.op(name.split(" ")[0], grid, image, size.apply(tf, image));
                })
                .on(ElementTypes.FLOAT_ONLY)
                .within(1e-5);
    }
}
