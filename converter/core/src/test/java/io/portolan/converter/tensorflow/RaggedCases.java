package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.many;
import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tensorflow.Operation;
import org.tensorflow.Output;

/** Ragged tensors: some rows are empty, the first or the last among them. */
final class RaggedCases {
    private RaggedCases() {}

    static Stream<ParityCase> cases() {
        return Stream.of(
                of("RaggedTensorToTensor", normal(6), (tf, x) -> dense(tf, tf.longs(-1, -1), x, tf.longs(0, 2, 2, 6))),
                of(
                        "RaggedTensorToTensor of vectors",
                        normal(5, 2),
                        (tf, x) -> dense(tf, tf.longs(-1, -1, 2), x, tf.longs(0, 0, 4, 5, 5))),
                of("RaggedTensorToTensor of any rank", normal(3), (tf, x) -> dense(tf, any(tf), x, tf.longs(0, 1, 3))),
                of(
                        "RaggedTensorToTensor of a shape",
                        normal(6),
                        (tf, x) -> dense(tf, tf.longs(4, 3), x, tf.longs(0, 2, 2, 6))),
                of(
                        "RaggedTensorToTensor of a smaller shape",
                        normal(6),
                        (tf, x) -> dense(tf, tf.longs(2, 1), x, tf.longs(0, 2, 2, 6))),
                of(
                        "RaggedTensorToTensor of two ragged axes",
                        normal(6),
                        (tf, x) -> dense(tf, tf.longs(-1, -1, -1), x, tf.longs(0, 2, 2, 3), tf.longs(0, 4, 4, 6))),
                of("RaggedTensorToTensor by rows", normal(4), (tf, x) -> ofRows(tf, x, tf.longs(0, 0, 2, 2))),
                of(
                        "RaggedTensorToTensor without rows",
                        normal(0),
                        (tf, x) -> dense(tf, tf.longs(-1, -1), x, tf.longs(0))),
                many(
                        "RaggedRange",
                        List.of(normal(2)),
                        (tf, x) -> ranges(tf, tf.numbers(1, 5, 2), tf.numbers(4, 5, 9), tf.numbers(2, 1, 3))),
                many(
                        "RaggedRange downwards",
                        List.of(normal(2)),
                        (tf, x) -> ranges(tf, tf.numbers(1, 5), tf.numbers(4, 0), tf.numbers(1, -2))),
                many(
                        "RaggedRange of scalars",
                        List.of(normal(2)),
                        (tf, x) -> ranges(tf, tf.number(1), tf.numbers(4, 0, 2), tf.number(1))),
                many("RaggedGather", List.of(normal(6)), (tf, x) -> {
                    Operation rows = tf.operation(
                            "RaggedGather",
                            Map.of("OUTPUT_RAGGED_RANK", 1),
                            List.of(tf.longs(0, 2, 2, 6)),
                            x.get(0),
                            tf.ints(2, 0, 1, 2));
                    return List.of(rows.output(0), rows.output(1));
                }),
                many("RaggedGather of two ragged axes", List.of(normal(6, 2)), (tf, x) -> {
                    Operation rows = tf.operation(
                            "RaggedGather",
                            Map.of("OUTPUT_RAGGED_RANK", 2),
                            List.of(tf.longs(0, 2, 2, 3), tf.longs(0, 4, 4, 6)),
                            x.get(0),
                            tf.ints(2, 0));
                    return List.of(rows.output(0), rows.output(1), rows.output(2));
                }));
    }

    private static Output<?> any(RawOps tf) {
        return tf.op("Reshape", tf.longs(-1), tf.ints());
    }

    private static Output<?> dense(RawOps tf, Output<?> shape, Output<?> values, Output<?>... splits) {
        return tf.op(
                "RaggedTensorToTensor",
                Map.of("row_partition_types", names("ROW_SPLITS", splits.length)),
                shape,
                values,
                tf.number(7),
                List.of(splits));
    }

    private static String[] names(String name, int count) {
        return Stream.generate(() -> name).limit(count).toArray(String[]::new);
    }

    private static Output<?> ofRows(RawOps tf, Output<?> values, Output<?> rowIds) {
        return tf.op(
                "RaggedTensorToTensor",
                Map.of("row_partition_types", new String[] {"FIRST_DIM_SIZE", "VALUE_ROWIDS"}),
                tf.longs(-1, -1),
                values,
                tf.number(7),
                List.of(tf.op("Squeeze", tf.longs(4)), rowIds));
    }

    private static List<Output<?>> ranges(RawOps tf, Output<?> starts, Output<?> limits, Output<?> deltas) {
        Operation ranges = tf.operation("RaggedRange", Map.of(), starts, limits, deltas);
        return List.of(ranges.output(0), ranges.output(1));
    }
}
