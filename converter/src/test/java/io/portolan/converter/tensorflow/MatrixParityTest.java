package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.proto.DataType;

class MatrixParityTest {
    @ParameterizedTest
    @MethodSource("cases")
    void onnxComputesWhatTensorFlowDoes(ParityCase parity) {
        TensorFlowParity.check(parity);
    }

    static Stream<ParityCase> cases() {
        return Stream.of(
                of("MatMul", normal(-1, 5), (tf, x) -> tf.op("MatMul", x, tf.weights(5, 3))),
                of("MatMul transposed", normal(5, -1), (tf, x) ->
                        tf.op("MatMul", Map.of("transpose_a", true, "transpose_b", true), x, tf.weights(3, 5))),
                of("BatchMatMul", normal(-1, 2, 5), normal(-1, 5, 3), (tf, x, y) -> tf.op("BatchMatMul", x, y)),
                of("BatchMatMulV2 broadcast", normal(-1, 1, 2, 5), normal(4, 5, 3),
                        (tf, x, y) -> tf.op("BatchMatMulV2", x, y)),
                of("BatchMatMulV2 adjoint", normal(-1, 5, 2), normal(-1, 3, 5), (tf, x, y) ->
                        tf.op("BatchMatMulV2", Map.of("adj_x", true, "adj_y", true), x, y)),
                of("BatchMatMulV3", normal(-1, 2, 5), normal(-1, 5, 3), (tf, x, y) -> tf.op("BatchMatMulV3",
                        Map.of("Tout", DataType.DT_FLOAT), x, y)),
                of("BiasAdd", normal(-1, 4, 3), (tf, x) -> tf.op("BiasAdd", x, tf.weights(3))),
                of("BiasAdd with channels first", normal(-1, 3, 2, 4), (tf, x) ->
                        tf.op("BiasAdd", Map.of("data_format", "NCHW"), x, tf.weights(3))),
                of("Dense layers", normal(-1, 5), (tf, x) -> {
                    var hidden = tf.op("Tanh", tf.op("BiasAdd", tf.op("MatMul", x, tf.weights(5, 8)), tf.weights(8)));
                    return tf.op("Softmax", tf.op("MatMul", hidden, tf.weights(8, 3)));
                }));
    }
}
