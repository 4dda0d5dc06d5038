package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;

/** JAX programs in TensorFlow graphs. */
final class ProgramCases {
    private static final String PROGRAM = """
            module @jit_f {
              func.func public @main(%x: tensor<3x4xf32>, %y: tensor<4x2xf32>) -> tensor<3x2xf32> {
                %0 = stablehlo.dot_general %x, %y, contracting_dims = [1] x [0] : (tensor<3x4xf32>, tensor<4x2xf32>) -> tensor<3x2xf32>
                %1 = stablehlo.tanh %0 : tensor<3x2xf32>
                return %1 : tensor<3x2xf32>
              }
            }
            """;

    private ProgramCases() {}

    static Stream<ParityCase> cases() {
        return Stream.of(of(
                "XlaCallModule",
                normal(3, 4),
                normal(4, 2),
                (tf, x, y) -> tf.op(
                        "XlaCallModule",
                        Map.of(
                                "version",
                                9,
                                "module",
                                PROGRAM,
                                "platforms",
                                new String[] {"CPU"},
                                "Sout",
                                new Shape[] {Shape.of(3, 2)},
                                "Tout",
                                new DataType[] {DataType.DT_FLOAT}),
                        List.of(x, y))));
    }
}
