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
import org.tensorflow.proto.DataType;

/** Cases of counts, of sets of rows and of sparse tensors. */
final class SparseCases {
    /** Places in a matrix of 4 rows and 5 columns, in ascending order; row 2 is empty. */
    private static final long[] PLACES = {1, 3, 7, 9, 15};

    private SparseCases() {}

    static Stream<ParityCase> cases() {
        return Stream.of(counts(), sets(), segments(), sparse(), places()).flatMap(cases -> cases);
    }

    private static Stream<ParityCase> counts() {
        ParityCase.Feed numbers = between(0, 6, -1, 5).of(DataType.DT_INT32);
        return Stream.of(
                of("Bincount", numbers, normal(-1, 5), (tf, x, w) -> tf.op("Bincount", x, tf.scalar(5), w)),
                of("Bincount without weights", numbers, (tf, x) -> tf.op("Bincount", x, tf.scalar(9), tf.numbers())),
                of(
                        "DenseBincount",
                        between(0, 6, -1).of(DataType.DT_INT32),
                        normal(-1),
                        (tf, x, w) -> tf.op("DenseBincount", x, tf.scalar(5), w)),
                of("DenseBincount of rows", numbers, (tf, x) -> tf.op("DenseBincount", x, tf.scalar(8), tf.numbers())),
                of(
                        "DenseBincount of rows with weights",
                        numbers,
                        normal(-1, 5),
                        (tf, x, w) -> tf.op("DenseBincount", x, tf.scalar(4), w)),
                of(
                        "DenseBincount, binary",
                        between(0, 6, -1, 5).of(DataType.DT_INT64),
                        (tf, x) -> tf.op(
                                "DenseBincount", Map.of("binary_output", true), x, tf.longScalar(7), tf.numbers())),
                of(
                        "RaggedBincount",
                        between(0, 6, 7).of(DataType.DT_INT32),
                        normal(7),
                        (tf, x, w) -> tf.op("RaggedBincount", tf.longs(0, 3, 3, 7), x, tf.scalar(5), w)),
                of(
                        "RaggedBincount, binary",
                        between(0, 6, -1).of(DataType.DT_INT64),
                        (tf, x) -> tf.op(
                                "RaggedBincount",
                                Map.of("binary_output", true),
                                tf.op(
                                        "Cast",
                                        Map.of("DstT", DataType.DT_INT64),
                                        tf.op("Pack", List.of(tf.scalar(0), tf.op("Size", x)))),
                                x,
                                tf.longScalar(7),
                                tf.numbers())),
                of(
                        "HistogramFixedWidth",
                        between(-9, 9, -1, 50),
                        (tf, x) -> tf.op("HistogramFixedWidth", x, tf.numbers(-5, 6), tf.scalar(7))),
                of(
                        "HistogramFixedWidth in long integers",
                        between(-9, 9, -1, 50),
                        (tf, x) -> tf.op(
                                "HistogramFixedWidth",
                                Map.of("dtype", DataType.DT_INT64),
                                x,
                                tf.numbers(-5, 6),
                                tf.scalar(11))),
                of("NthElement", normal(-1, 9), (tf, x) -> tf.op("NthElement", x, tf.scalar(3))),
                of(
                        "NthElement from above",
                        normal(-1, 2, 9),
                        (tf, x) -> tf.op("NthElement", Map.of("reverse", true), x, tf.scalar(2))));
    }

    private static Stream<ParityCase> sets() {
        return Stream.of(
                many(
                        "UniqueV2",
                        List.of(oneOf(new double[] {0, 1, 2, 3}, 9)),
                        (tf, x) -> all(tf.operation("UniqueV2", Map.of(), x.get(0), tf.ints(0)))),
                many(
                        "UniqueWithCountsV2",
                        List.of(oneOf(new double[] {0, 1, 2, 3}, 9)),
                        (tf, x) -> all(tf.operation(
                                "UniqueWithCountsV2", Map.of("out_idx", DataType.DT_INT64), x.get(0), tf.ints()))),
                many(
                        "ListDiff",
                        List.of(oneOf(new double[] {0, 1, 2, 3, 4}, 9), oneOf(new double[] {1, 3}, 4)),
                        (tf, x) -> all(tf.operation("ListDiff", Map.of(), x.get(0), x.get(1)))),
                many(
                        "DynamicPartition",
                        List.of(normal(-1, 4, 2), between(-0.49, 2.49, -1).of(DataType.DT_INT32)),
                        (tf, x) ->
                                all(tf.operation("DynamicPartition", Map.of("num_partitions", 3), x.get(0), x.get(1)))),
                many(
                        "DynamicPartition of elements",
                        List.of(normal(-1, 4), between(-0.49, 1.49, -1, 4).of(DataType.DT_INT32)),
                        (tf, x) ->
                                all(tf.operation("DynamicPartition", Map.of("num_partitions", 2), x.get(0), x.get(1)))),
                stitch("DynamicStitch"),
                stitch("ParallelDynamicStitch"));
    }

    private static ParityCase stitch(String op) {
        return of(
                op,
                normal(2, 3),
                normal(2, 2, 3),
                (tf, x, y) -> tf.op(
                        op,
                        List.of(tf.ints(4, 1), tf.op("Reshape", tf.ints(0, 2, 3, 5), tf.ints(2, 2))),
                        List.of(x, y)));
    }

    private static Stream<ParityCase> segments() {
        return Stream.of("Sum", "Mean", "SqrtN")
                .flatMap(kind -> Stream.of(
                        of(
                                "SparseSegment" + kind,
                                normal(-1, 4),
                                (tf, x) -> tf.op("SparseSegment" + kind, x, tf.ints(0, 0, 0, 0), tf.ints(0, 0, 1, 3))),
                        of(
                                "SparseSegment" + kind + "WithNumSegments",
                                normal(6, 2, 2),
                                (tf, x) -> tf.op(
                                        "SparseSegment" + kind + "WithNumSegments",
                                        x,
                                        tf.longs(1, 0, 5, 5),
                                        tf.ints(0, 0, 1, 3),
                                        tf.scalar(6)))));
    }

    /** The indices of elements of a matrix of a number of columns. */
    private static Output<?> indices(RawOps tf, long columns, long... places) {
        long[] pairs = IntStream.range(0, 2 * places.length)
                .mapToLong(i -> i % 2 == 0 ? places[i / 2] / columns : places[i / 2] % columns)
                .toArray();
        return tf.op("Reshape", tf.longs(pairs), tf.ints(places.length, 2));
    }

    private static Stream<ParityCase> sparse() {
        return Stream.of(
                of(
                        "SparseTensorDenseMatMul",
                        normal(5),
                        normal(5, 3),
                        (tf, v, x) -> tf.op("SparseTensorDenseMatMul", indices(tf, 5, PLACES), v, tf.longs(4, 5), x)),
                of(
                        "SparseTensorDenseMatMul, adjoints",
                        normal(5),
                        normal(3, 4),
                        (tf, v, x) -> tf.op(
                                "SparseTensorDenseMatMul",
                                Map.of("adjoint_a", true, "adjoint_b", true),
                                indices(tf, 5, PLACES),
                                v,
                                tf.longs(4, 5),
                                x)),
                of(
                        "SparseTensorDenseAdd",
                        normal(5),
                        normal(4, 5),
                        (tf, v, x) -> tf.op("SparseTensorDenseAdd", indices(tf, 5, PLACES), v, tf.longs(4, 5), x)),
                of(
                        "SparseReduceSum",
                        normal(5),
                        (tf, v) -> tf.op("SparseReduceSum", indices(tf, 5, PLACES), v, tf.longs(4, 5), tf.ints(1))),
                of(
                        "SparseReduceSum with axes kept",
                        normal(5),
                        (tf, v) -> tf.op(
                                "SparseReduceSum",
                                Map.of("keep_dims", true),
                                indices(tf, 5, PLACES),
                                v,
                                tf.longs(4, 5),
                                tf.ints(0))));
    }

    private static Stream<ParityCase> places() {
        return Stream.of(
                many(
                        "SparseReshape",
                        List.of(normal(-1)),
                        (tf, x) -> all(tf.operation(
                                "SparseReshape",
                                Map.of(),
                                indices(tf, 5, PLACES),
                                tf.longs(4, 5),
                                tf.longs(2, -1, 2)))),
                many(
                        "SparseReorder",
                        List.of(normal(5)),
                        (tf, v) -> all(tf.operation(
                                "SparseReorder", Map.of(), indices(tf, 5, 9, 3, 15, 1, 7), v.get(0), tf.longs(4, 5)))),
                many(
                        "SparseFillEmptyRows",
                        List.of(normal(5)),
                        (tf, v) -> all(tf.operation(
                                "SparseFillEmptyRows",
                                Map.of(),
                                indices(tf, 5, PLACES),
                                v.get(0),
                                tf.longs(6, 5),
                                tf.number(1)))));
    }

    private static List<Output<?>> all(Operation operation) {
        return IntStream.range(0, operation.numOutputs())
                .<Output<?>>mapToObj(operation::output)
                .toList();
    }
}
