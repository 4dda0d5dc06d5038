package io.portolan.converter.tensorflow;

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
import org.tensorflow.proto.DataType;

/** Cases of ops that gather, scatter and find elements, and of sums over segments. */
final class IndexCases {
    private static final DataType INDEX = DataType.DT_INT32;

    private IndexCases() {}

    static Stream<ParityCase> cases() {
        return Stream.of(gathers(), scatters(), finds(), segments(), unsortedSegments())
                .flatMap(cases -> cases);
    }

    private static Stream<ParityCase> gathers() {
        return Stream.of(
                of(
                        "Gather",
                        normal(5, 2),
                        oneOf(INDEX, new double[] {0, 2, 4}, -1, 3),
                        (tf, x, i) -> tf.op("Gather", x, i)),
                of("GatherV2", normal(-1, 5), (tf, x) -> tf.op("GatherV2", x, tf.ints(4, 0, 0), tf.scalar(1))),
                of(
                        "GatherV2 with a matrix of indices",
                        normal(-1, 5, 2),
                        (tf, x) -> tf.op(
                                "GatherV2", x, tf.op("Reshape", tf.ints(4, 0, 3, 1), tf.ints(2, 2)), tf.scalar(-2))),
                of(
                        "GatherV2 in batches",
                        normal(-1, 5, 2),
                        oneOf(INDEX, new double[] {0, 2, 4}, -1, 3),
                        (tf, x, i) -> tf.op("GatherV2", Map.of("batch_dims", 1), x, i, tf.scalar(1))),
                of(
                        "GatherNd",
                        normal(3, 5, 2),
                        oneOf(INDEX, new double[] {0, 1, 2}, -1, 2),
                        (tf, x, i) -> tf.op("GatherNd", x, i)),
                of(
                        "GatherNd of single elements",
                        normal(3, 2),
                        oneOf(DataType.DT_INT64, new double[] {0, 1}, -1, 4, 2),
                        (tf, x, i) -> tf.op("GatherNd", x, i)));
    }

    private static Stream<ParityCase> scatters() {
        return Stream.concat(
                Stream.of(
                        of(
                                "ScatterNd",
                                normal(4, 3),
                                oneOf(INDEX, new double[] {0, 1, 4}, 4, 1),
                                (tf, updates, i) -> tf.op("ScatterNd", i, updates, tf.ints(5, 3))),
                        of(
                                        "ScatterNd to a computed shape",
                                        normal(-1, 3),
                                        (tf, updates) -> tf.op(
                                                "ScatterNd",
                                                tf.op(
                                                        "ZerosLike",
                                                        tf.op(
                                                                "Slice",
                                                                tf.op(
                                                                        "Cast",
                                                                        Map.of("DstT", INDEX),
                                                                        tf.op(
                                                                                "Real",
                                                                                tf.op(
                                                                                        "Cast",
                                                                                        Map.of(
                                                                                                "DstT",
                                                                                                DataType.DT_COMPLEX64),
                                                                                        updates))),
                                                                tf.ints(0, 0),
                                                                tf.ints(-1, 1))),
                                                updates,
                                                tf.op("Shape", updates)))
                                .on(ElementTypes.FLOATS),
                        // Rows are different, because the order of equal ones is not specified.
                        of(
                                "TensorScatterUpdate",
                                normal(5, 3),
                                normal(2, 3),
                                (tf, x, updates) -> tf.op(
                                        "TensorScatterUpdate",
                                        x,
                                        tf.op("Reshape", tf.ints(4, 1), tf.ints(2, 1)),
                                        updates))),
                Stream.of("Add", "Sub", "Max", "Min")
                        .map(op -> of(
                                "TensorScatter" + op,
                                normal(5, 3),
                                normal(3, 3),
                                (tf, x, updates) -> tf.op(
                                        "TensorScatter" + op,
                                        x,
                                        tf.op("Reshape", tf.ints(4, 1, 4), tf.ints(3, 1)),
                                        updates))));
    }

    private static Stream<ParityCase> finds() {
        return Stream.of(
                of(
                        "InvertPermutation",
                        oneOf(new double[] {0}, 1),
                        (tf, x) -> tf.op("InvertPermutation", tf.op("AddV2", tf.numbers(3, 0, 4, 1, 2), x))),
                of(
                        "SparseToDense",
                        normal(3),
                        (tf, x) -> tf.op("SparseToDense", tf.ints(0, 2, 3), tf.ints(5), x, tf.number(7))),
                of(
                        "SparseToDense of coordinates and one value",
                        normal(),
                        (tf, x) -> tf.op(
                                "SparseToDense",
                                RearrangingCases.pairs(tf, 0, 1, 2, 0),
                                tf.ints(3, 2),
                                x,
                                tf.number(0))),
                of(
                        "UnravelIndex",
                        oneOf(new double[] {0, 5, 11, 23}, 7),
                        (tf, x) -> tf.op("UnravelIndex", x, tf.numbers(2, 3, 4))),
                of("Where", oneOf(new double[] {0, 1, 2}, -1, 6), (tf, x) -> tf.op("Where", x)),
                many(
                        "Unique",
                        List.of(oneOf(new double[] {3, 1, 2, -1}, 9)),
                        (tf, x) -> all(tf.operation("Unique", Map.of(), x.get(0)), 2)),
                many(
                        "UniqueWithCounts",
                        List.of(oneOf(new double[] {3, 1, 2, -1}, 9)),
                        (tf, x) -> all(
                                tf.operation("UniqueWithCounts", Map.of("out_idx", DataType.DT_INT64), x.get(0)), 3)));
    }

    private static List<Output<?>> all(Operation operation, int count) {
        return IntStream.range(0, count).<Output<?>>mapToObj(operation::output).toList();
    }

    private static Stream<ParityCase> segments() {
        return Stream.of("Sum", "Prod", "Mean", "Max", "Min")
                .flatMap(op -> Stream.of(
                        of(
                                "Segment" + op,
                                normal(7, 3),
                                (tf, x) -> tf.op("Segment" + op, x, tf.ints(0, 0, 1, 1, 1, 3, 4))),
                        of(
                                "Segment" + op + " of a vector",
                                normal(4),
                                (tf, x) -> tf.op("Segment" + op, x, tf.longs(1, 1, 2, 2)))));
    }

    private static Stream<ParityCase> unsortedSegments() {
        return Stream.of("Sum", "Prod", "Max", "Min")
                .flatMap(op -> Stream.of(
                        of(
                                "UnsortedSegment" + op,
                                normal(-1, 3),
                                oneOf(INDEX, new double[] {-1, 0, 1, 3}, -1),
                                (tf, x, i) -> tf.op("UnsortedSegment" + op, x, i, tf.scalar(4))),
                        of(
                                "UnsortedSegment" + op + " by a matrix",
                                normal(-1, 3, 2),
                                oneOf(INDEX, new double[] {0, 1, 3}, -1, 3),
                                (tf, x, i) -> tf.op("UnsortedSegment" + op, x, i, tf.scalar(5)))));
    }
}
