package io.portolan.converter.stablehlo.rewrites;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.TensorType;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Inverse transforms of 6 channels, 5×4 maps in a batch of 2, whose channels are projected: they give what XLA gives for the program as it
 * is written, and the transform has the size that is expected.
 */
class ProjectionInFrequencyTest {
    private static final List<TensorType> ARGUMENTS = List.of(
            TensorType.of(ElementType.F32, 2, 6, 5, 3),
            TensorType.of(ElementType.F32, 2, 6, 5, 3),
            TensorType.of(ElementType.F32, 6, 3),
            TensorType.of(ElementType.F32, 6, 6));

    private static final String MAPS = """
            %z = stablehlo.complex %arg0, %arg1 : tensor<2x6x5x3xcomplex<f32>>
            %m = stablehlo.fft %z, type = IRFFT, length = [5, 4] : (tensor<2x6x5x3xcomplex<f32>>) -> tensor<2x6x5x4xf32>
            """;

    static Stream<Arguments> programs() {
        return Stream.of(
                Arguments.of("channels last, as a dense layer has them", 3L, "tensor<2x5x4x3xf32>", MAPS + """
                        %t = stablehlo.transpose %m, dims = [0, 2, 3, 1] : (tensor<2x6x5x4xf32>) -> tensor<2x5x4x6xf32>
                        %r = stablehlo.dot_general %t, %arg2, contracting_dims = [3] x [0] : (tensor<2x5x4x6xf32>, tensor<6x3xf32>) -> tensor<2x5x4x3xf32>
                        """),
                Arguments.of("channels where they are", 3L, "tensor<2x5x4x3xf32>", MAPS + """
                        %r = stablehlo.dot_general %m, %arg2, contracting_dims = [1] x [0] : (tensor<2x6x5x4xf32>, tensor<6x3xf32>) -> tensor<2x5x4x3xf32>
                        """),
                Arguments.of("weights first, and the maps transposed twice", 3L, "tensor<3x4x2x5xf32>", MAPS + """
                        %s = stablehlo.transpose %m, dims = [1, 3, 2, 0] : (tensor<2x6x5x4xf32>) -> tensor<6x4x5x2xf32>
                        %t = stablehlo.transpose %s, dims = [1, 0, 3, 2] : (tensor<6x4x5x2xf32>) -> tensor<4x6x2x5xf32>
                        %r = stablehlo.dot_general %arg2, %t, contracting_dims = [0] x [1] : (tensor<6x3xf32>, tensor<4x6x2x5xf32>) -> tensor<3x4x2x5xf32>
                        """),
                Arguments.of(
                        "as many channels after it: nothing would be saved", 6L, "tensor<2x5x4x6xf32>", MAPS + """
                        %r = stablehlo.dot_general %m, %arg3, contracting_dims = [1] x [0] : (tensor<2x6x5x4xf32>, tensor<6x6xf32>) -> tensor<2x5x4x6xf32>
                        """),
                Arguments.of("maps that are read elsewhere too", 6L, "tensor<2x5x4x3xf32>", MAPS + """
                        %0 = stablehlo.constant dense<0.0> : tensor<f32>
                        %a = stablehlo.reduce(%m init: %0) applies stablehlo.add across dimensions = [1] : (tensor<2x6x5x4xf32>, tensor<f32>) -> tensor<2x5x4xf32>
                        %b = stablehlo.broadcast_in_dim %a, dims = [0, 1, 2] : (tensor<2x5x4xf32>) -> tensor<2x5x4x3xf32>
                        %p = stablehlo.dot_general %m, %arg2, contracting_dims = [1] x [0] : (tensor<2x6x5x4xf32>, tensor<6x3xf32>) -> tensor<2x5x4x3xf32>
                        %r = stablehlo.add %p, %b : tensor<2x5x4x3xf32>
                        """),
                Arguments.of("a projection of an axis that was transformed", 6L, "tensor<2x6x4x2xf32>", MAPS + """
                        %w = stablehlo.slice %arg2 [0:5, 0:2] : (tensor<6x3xf32>) -> tensor<5x2xf32>
                        %r = stablehlo.dot_general %m, %w, contracting_dims = [2] x [0] : (tensor<2x6x5x4xf32>, tensor<5x2xf32>) -> tensor<2x6x4x2xf32>
                        """));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("programs")
    void fewerMapsAreTransformed(String what, long channels, String result, String body) throws IOException {
        RewrittenProgram program = new RewrittenProgram(ARGUMENTS, result, body);

        assertThat(program.size("fft").get(1)).isEqualTo(channels);
        program.assertAgreesWithXla();
    }
}
