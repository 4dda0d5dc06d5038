package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;

import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Output;

class SlicingParityTest {
    @ParameterizedTest
    @MethodSource("cases")
    void onnxComputesWhatTensorFlowDoes(ParityCase parity) {
        TensorFlowParity.check(parity);
    }

    static Stream<ParityCase> cases() {
        return Stream.of(
                of("Slice", normal(-1, 5, 4), (tf, x) -> tf.op("Slice", x, tf.ints(0, 1, 2), tf.ints(-1, 3, -1))),
                of("ReverseV2", normal(-1, 5, 4), (tf, x) -> tf.op("ReverseV2", x, tf.ints(1, 0))),
                of("x[:, 1:4:2]", normal(-1, 5), strided(new int[] {0, 1}, new int[] {0, 4}, new int[] {1, 2},
                        Map.of("begin_mask", 1, "end_mask", 1))),
                of("x[:, ::-1]", normal(-1, 5), strided(new int[] {0, 0}, new int[] {0, 0}, new int[] {1, -1},
                        Map.of("begin_mask", 3, "end_mask", 3))),
                of("x[:, 3:0:-2]", normal(-1, 5), strided(new int[] {0, 3}, new int[] {0, 0}, new int[] {1, -2},
                        Map.of("begin_mask", 1, "end_mask", 1))),
                of("x[:, -3:-1]", normal(-1, 5), strided(new int[] {0, -3}, new int[] {0, -1}, new int[] {1, 1},
                        Map.of("begin_mask", 1, "end_mask", 1))),
                of("x[:, 2:100]", normal(-1, 5), strided(new int[] {0, 2}, new int[] {0, 100}, new int[] {1, 1},
                        Map.of("begin_mask", 1, "end_mask", 1))),
                of("x[0, :, -1]", normal(-1, 5, 4), strided(new int[] {0, 0, -1}, new int[] {1, 0, 0},
                        new int[] {1, 1, 1}, Map.of("shrink_axis_mask", 5, "begin_mask", 2, "end_mask", 2))),
                of("x[..., 1]", normal(-1, 5, 4), strided(new int[] {0, 1}, new int[] {0, 2}, new int[] {1, 1},
                        Map.of("ellipsis_mask", 1, "shrink_axis_mask", 2))),
                of("x[:, None, ..., 1:, None]", normal(-1, 5, 4), strided(new int[] {0, 0, 0, 1, 0},
                        new int[] {0, 0, 0, 0, 0}, new int[] {1, 1, 1, 1, 1},
                        Map.of("begin_mask", 1, "end_mask", 9, "ellipsis_mask", 4, "new_axis_mask", 18))),
                of("x[None, :, 2, None]", normal(-1, 5, 4), strided(new int[] {0, 0, 2, 0}, new int[] {0, 0, 3, 0},
                        new int[] {1, 1, 1, 1},
                        Map.of("begin_mask", 2, "end_mask", 2, "new_axis_mask", 9, "shrink_axis_mask", 4))));
    }

    private static BiFunction<RawOps, Output<?>, Output<?>> strided(int[] begin, int[] end,
            int[] strides, Map<String, Object> masks) {
        return (tf, x) -> tf.op("StridedSlice", masks, x, tf.ints(begin), tf.ints(end),
                tf.ints(strides));
    }
}
