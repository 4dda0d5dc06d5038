package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.tensorflow.Output;

/** Cases of ops that slice tensors. */
final class SlicingCases {
    private SlicingCases() {}

    static Stream<ParityCase> cases() {
        return Stream.of(
                of("Slice", normal(-1, 5, 4), (tf, x) -> tf.op("Slice", x, tf.ints(0, 1, 2), tf.ints(-1, 3, -1))),
                of("StridedSlice between computed bounds", normal(-1, 5, 4), (tf, x) -> {
                    Output<?> rows = ArrayCases.element(tf, tf.op("Shape", x), 0);
                    Output<?> half = tf.op("FloorDiv", rows, tf.scalar(2));
                    return tf.op(
                            "StridedSlice",
                            Map.of("shrink_axis_mask", 4),
                            x,
                            tf.op("Pack", List.of(half, tf.scalar(1), half)),
                            tf.op("Pack", List.of(rows, tf.scalar(4), rows)),
                            tf.ints(1, 2, 1));
                }),
                of(
                        "StridedSlice at a computed last index",
                        normal(-1, 5),
                        (tf, x) -> tf.op(
                                "StridedSlice",
                                Map.of("shrink_axis_mask", 1),
                                x,
                                tf.op(
                                        "Neg",
                                        tf.op("Slice", tf.op("OnesLike", tf.op("Shape", x)), tf.ints(0), tf.ints(1))),
                                tf.ints(0),
                                tf.ints(1))),
                of("Slice at a computed place", normal(-1, 5), (tf, x) -> {
                    Output<?> rows = tf.op("Shape", x);
                    Output<?> begin = tf.op("FloorDiv", rows, tf.scalar(2));
                    return tf.op("Slice", x, begin, tf.op("Sub", rows, begin));
                }),
                of(
                        "StridedSlice x[:, 1:4:2]",
                        normal(-1, 5),
                        strided(
                                new int[] {0, 1},
                                new int[] {0, 4},
                                new int[] {1, 2},
                                Map.of("begin_mask", 1, "end_mask", 1))),
                of(
                        "StridedSlice x[:, ::-1]",
                        normal(-1, 5),
                        strided(
                                new int[] {0, 0},
                                new int[] {0, 0},
                                new int[] {1, -1},
                                Map.of("begin_mask", 3, "end_mask", 3))),
                of(
                        "StridedSlice x[:, 3:0:-2]",
                        normal(-1, 5),
                        strided(
                                new int[] {0, 3},
                                new int[] {0, 0},
                                new int[] {1, -2},
                                Map.of("begin_mask", 1, "end_mask", 1))),
                of(
                        "StridedSlice x[:, -3:-1]",
                        normal(-1, 5),
                        strided(
                                new int[] {0, -3},
                                new int[] {0, -1},
                                new int[] {1, 1},
                                Map.of("begin_mask", 1, "end_mask", 1))),
                of(
                        "StridedSlice x[:, 2:100]",
                        normal(-1, 5),
                        strided(
                                new int[] {0, 2},
                                new int[] {0, 100},
                                new int[] {1, 1},
                                Map.of("begin_mask", 1, "end_mask", 1))),
                of(
                        "StridedSlice x[0, :, -1]",
                        normal(-1, 5, 4),
                        strided(
                                new int[] {0, 0, -1},
                                new int[] {1, 0, 0},
                                new int[] {1, 1, 1},
                                Map.of("shrink_axis_mask", 5, "begin_mask", 2, "end_mask", 2))),
                of(
                        "StridedSlice x[..., 1]",
                        normal(-1, 5, 4),
                        strided(
                                new int[] {0, 1},
                                new int[] {0, 2},
                                new int[] {1, 1},
                                Map.of("ellipsis_mask", 1, "shrink_axis_mask", 2))),
                of(
                        "StridedSlice x[:, None, ..., 1:, None]",
                        normal(-1, 5, 4),
                        strided(
                                new int[] {0, 0, 0, 1, 0},
                                new int[] {0, 0, 0, 0, 0},
                                new int[] {1, 1, 1, 1, 1},
                                Map.of("begin_mask", 1, "end_mask", 9, "ellipsis_mask", 4, "new_axis_mask", 18))),
                of(
                        "StridedSlice x[None, :, 2, None]",
                        normal(-1, 5, 4),
                        strided(
                                new int[] {0, 0, 2, 0},
                                new int[] {0, 0, 3, 0},
                                new int[] {1, 1, 1, 1},
                                Map.of("begin_mask", 2, "end_mask", 2, "new_axis_mask", 9, "shrink_axis_mask", 4))));
    }

    private static BiFunction<RawOps, Output<?>, Output<?>> strided(
            int[] begin, int[] end, int[] strides, Map<String, Object> masks) {
        return (tf, x) -> tf.op("StridedSlice", masks, x, tf.ints(begin), tf.ints(end), tf.ints(strides));
    }
}
