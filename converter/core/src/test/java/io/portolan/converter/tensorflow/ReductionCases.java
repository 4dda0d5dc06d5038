package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ElementTypes.FLOATS;
import static io.portolan.converter.tensorflow.ParityCase.between;
import static io.portolan.converter.tensorflow.ParityCase.many;
import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;
import static io.portolan.converter.tensorflow.ParityCase.oneOf;
import static io.portolan.converter.tensorflow.ParityCase.truth;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Ops that combine elements along axes, and those that rank them. */
final class ReductionCases {
    private static final double[] TIES = {-2, -1, 0, 1, 2, 3};

    private ReductionCases() {}

    static Stream<ParityCase> cases() {
        return Stream.of(sums(), truths(), cumulative(), positions(), bounds(), others())
                .flatMap(cases -> cases);
    }

    private static Stream<ParityCase> sums() {
        return Stream.of("Sum", "Mean", "Max", "Min", "Prod", "EuclideanNorm")
                .flatMap(op -> Stream.of(
                        of(op + " of one axis", normal(-1, 5, 4), (tf, x) -> tf.op(op, x, tf.scalar(-1))),
                        of(
                                        op + " of two axes, kept",
                                        normal(-1, 5, 4),
                                        (tf, x) -> tf.op(op, Map.of("keep_dims", true), x, tf.ints(2, 1)))
                                // Twenty factors, each with a rounding.
                                .within(20 * ParityCase.FLOAT_ROUNDING),
                        of(op + " of no axes", normal(-1, 5), (tf, x) -> tf.op(op, x, tf.ints())),
                        of(op + " of the batch", normal(-1, 5), (tf, x) -> tf.op(op, x, tf.ints(0)))
                                .on(op.equals("Prod") ? ElementTypes.REAL : ElementTypes.ANY),
                        of(op + " of everything", normal(3, 5), (tf, x) -> tf.op(op, x, tf.ints(0, 1)))));
    }

    private static Stream<ParityCase> truths() {
        return Stream.of("All", "Any")
                .flatMap(op -> Stream.of(
                        of(op, truth(-1, 2), (tf, x) -> tf.op(op, x, tf.scalar(1))),
                        of(
                                op + ", kept",
                                truth(-1, 3),
                                (tf, x) -> tf.op(op, Map.of("keep_dims", true), x, tf.ints(0)))));
    }

    private static Stream<ParityCase> cumulative() {
        return Stream.of("Cumsum", "Cumprod", "CumulativeLogsumexp")
                .flatMap(op -> Stream.of(
                        of(op, normal(-1, 6), (tf, x) -> tf.op(op, x, tf.scalar(1))),
                        of(
                                op + " of an odd size, in the middle",
                                normal(-1, 7, 2),
                                (tf, x) -> tf.op(op, x, tf.scalar(-2))),
                        of(
                                op + ", exclusive",
                                normal(-1, 6),
                                (tf, x) -> tf.op(op, Map.of("exclusive", true), x, tf.scalar(1))),
                        of(
                                op + ", exclusive and backwards",
                                normal(-1, 6),
                                (tf, x) -> tf.op(op, Map.of("exclusive", true, "reverse", true), x, tf.scalar(-1))),
                        of(
                                op + ", backwards",
                                normal(-1, 6),
                                (tf, x) -> tf.op(op, Map.of("reverse", true), x, tf.scalar(1)))));
    }

    private static Stream<ParityCase> positions() {
        return Stream.concat(
                Stream.of("ArgMax", "ArgMin")
                        .flatMap(op -> Stream.of(
                                of(op, normal(-1, 9), (tf, x) -> tf.op(op, x, tf.scalar(-1))),
                                of(
                                        op + " as INT32",
                                        oneOf(TIES, -1, 9, 2),
                                        (tf, x) ->
                                                tf.op(op, Map.of("output_type", DataType.DT_INT32), x, tf.scalar(1))))),
                Stream.of(
                        many(
                                "TopKV2",
                                List.of(normal(-1, 2, 9)),
                                (tf, x) -> both(tf.operation("TopKV2", Map.of(), x.get(0), tf.scalar(3)))),
                        many(
                                "TopKV2 of all",
                                List.of(oneOf(TIES, -1, 9)),
                                (tf, x) -> both(tf.operation("TopKV2", Map.of(), x.get(0), tf.scalar(9)))),
                        of(
                                "InTopK",
                                between(-3, 3, 5, 6).of(DataType.DT_FLOAT),
                                oneOf(new double[] {0, 1, 3, 5}, 5),
                                (tf, x, targets) -> tf.op("InTopK", Map.of("k", 2), x, targets)),
                        of(
                                "InTopKV2",
                                between(-3, 3, 5, 6).of(DataType.DT_FLOAT),
                                oneOf(new double[] {-1, 0, 1, 3, 9}, 5),
                                (tf, x, targets) -> tf.op("InTopKV2", x, targets, tf.number(2)))));
    }

    private static List<Output<?>> both(Operation operation) {
        return List.of(operation.output(0), operation.output(1));
    }

    private static Stream<ParityCase> bounds() {
        return Stream.concat(
                Stream.of("LowerBound", "UpperBound")
                        .map(op -> of(
                                op,
                                oneOf(TIES, -1, 7),
                                (tf, x) -> tf.op(
                                        op,
                                        tf.op("Cumsum", tf.op("Square", x), tf.scalar(1)),
                                        tf.op("ReverseV2", x, tf.ints(1))))),
                Stream.of(of(
                        "Bucketize",
                        between(-9, 9, -1, 20),
                        (tf, x) -> tf.op("Bucketize", Map.of("boundaries", new float[] {-5, -1, 0, 2.5f, 7}), x))));
    }

    private static Stream<ParityCase> others() {
        return Stream.of(
                of("L2Loss", normal(-1, 5), (tf, x) -> tf.op("L2Loss", x)),
                of("Softmax", between(-30, 30, -1, 10), (tf, x) -> tf.op("Softmax", x)),
                of("LogSoftmax", between(-30, 30, -1, 10), (tf, x) -> tf.op("LogSoftmax", x)),
                many(
                        "SoftmaxCrossEntropyWithLogits",
                        List.of(normal(-1, 6), between(0, 1, -1, 6)),
                        (tf, x) -> both(tf.operation("SoftmaxCrossEntropyWithLogits", Map.of(), x.get(0), x.get(1)))),
                many(
                                "SparseSoftmaxCrossEntropyWithLogits",
                                List.of(normal(-1, 6), oneOf(DataType.DT_INT32, new double[] {0, 1, 5}, -1)),
                                (tf, x) -> both(tf.operation(
                                        "SparseSoftmaxCrossEntropyWithLogits", Map.of(), x.get(0), x.get(1))))
                        .on(FLOATS));
    }
}
