package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.between;
import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;
import static io.portolan.converter.tensorflow.ParityCase.truth;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.proto.DataType;

class ReductionParityTest {
    @ParameterizedTest
    @MethodSource("cases")
    void onnxComputesWhatTensorFlowDoes(ParityCase parity) {
        TensorFlowParity.check(parity);
    }

    static Stream<ParityCase> cases() {
        return Stream.of(sums(), truths(), positions(), others()).flatMap(cases -> cases);
    }

    private static Stream<ParityCase> sums() {
        return Stream.of("Sum", "Mean", "Max", "Min", "Prod").flatMap(op -> Stream.of(
                of(op + " of one axis", normal(-1, 5, 4), (tf, x) -> tf.op(op, x, tf.scalar(-1))),
                of(op + " of two axes, kept", normal(-1, 5, 4),
                        (tf, x) -> tf.op(op, Map.of("keep_dims", true), x, tf.ints(2, 1))),
                of(op + " of no axes", normal(-1, 5), (tf, x) -> tf.op(op, x, tf.ints())),
                of(op + " of everything", normal(-1, 5), (tf, x) -> tf.op(op, x, tf.ints(0, 1)))));
    }

    private static Stream<ParityCase> truths() {
        return Stream.of("All", "Any").flatMap(op -> Stream.of(
                of(op, truth(-1, 2), (tf, x) -> tf.op(op, x, tf.scalar(1))),
                of(op + ", kept", truth(-1, 3), (tf, x) -> tf.op(op, Map.of("keep_dims", true), x, tf.ints(0)))));
    }

    private static Stream<ParityCase> positions() {
        return Stream.of("ArgMax", "ArgMin").flatMap(op -> Stream.of(
                of(op, normal(-1, 9), (tf, x) -> tf.op(op, x, tf.scalar(-1))),
                of(op + " as INT32", normal(-1, 9, 2),
                        (tf, x) -> tf.op(op, Map.of("output_type", DataType.DT_INT32), x, tf.scalar(1)))));
    }

    private static Stream<ParityCase> others() {
        return Stream.of(
                of("Softmax", between(-30, 30, -1, 10), (tf, x) -> tf.op("Softmax", x)),
                of("LogSoftmax", between(-30, 30, -1, 10), (tf, x) -> tf.op("LogSoftmax", x)),
                of("Cumsum", normal(-1, 6), (tf, x) -> tf.op("Cumsum", x, tf.scalar(1))),
                of("Cumsum, exclusive and backwards", normal(-1, 6), (tf, x) ->
                        tf.op("Cumsum", Map.of("exclusive", true, "reverse", true), x, tf.scalar(-1))));
    }
}
