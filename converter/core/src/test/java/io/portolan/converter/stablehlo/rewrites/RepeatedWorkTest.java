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
 * Programs that show an image of 4 x 4 with 3 channels, in a batch of 2, for 3 steps, and then work on the steps: they give what XLA gives
 * for the program as it is written, and the costly operation works on the size that is expected.
 */
class RepeatedWorkTest {
    private static final List<TensorType> ARGUMENTS = List.of(
            TensorType.of(ElementType.F32, 2, 4, 4, 3),
            TensorType.of(ElementType.F32, 3, 3, 3, 5),
            TensorType.of(ElementType.F32, 3, 5));

    /** The image at every step, and the steps merged into the batch. */
    private static final String STEPS = """
            %s = stablehlo.broadcast_in_dim %arg0, dims = [0, 2, 3, 4] : (tensor<2x4x4x3xf32>) -> tensor<2x3x4x4x3xf32>
            %m = stablehlo.reshape %s : (tensor<2x3x4x4x3xf32>) -> tensor<6x4x4x3xf32>
            """;

    private static final String CONVOLUTION = """
            %c = stablehlo.convolution(%m, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {pad = [[1, 1], [1, 1]]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<6x4x4x3xf32>, tensor<3x3x3x5xf32>) -> tensor<6x4x4x5xf32>
            """;

    private static final String PRODUCT = """
            %p = stablehlo.dot_general %s, %arg2, contracting_dims = [4] x [0] : (tensor<2x3x4x4x3xf32>, tensor<3x5xf32>) -> tensor<2x3x4x4x5xf32>
            """;

    static Stream<Arguments> programs() {
        return Stream.of(
                Arguments.of(
                        "a convolution of steps in the batch",
                        "convolution",
                        List.of(2L, 4L, 4L, 5L),
                        "tensor<6x4x4x5xf32>",
                        STEPS + CONVOLUTION + "%r = stablehlo.tanh %c : tensor<6x4x4x5xf32>"),
                Arguments.of(
                        "a pool, and the steps split from the batch again",
                        "reduce_window",
                        List.of(2L, 2L, 2L, 3L),
                        "tensor<2x3x2x2x3xf32>",
                        STEPS + """
                        %i = stablehlo.constant dense<0xFF800000> : tensor<f32>
                        %w = "stablehlo.reduce_window"(%m, %i) <{window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>}> ({
                        ^bb0(%a: tensor<f32>, %b: tensor<f32>):
                          %x = stablehlo.maximum %a, %b : tensor<f32>
                          stablehlo.return %x : tensor<f32>
                        }) : (tensor<6x4x4x3xf32>, tensor<f32>) -> tensor<6x2x2x3xf32>
                        %r = stablehlo.reshape %w : (tensor<6x2x2x3xf32>) -> tensor<2x3x2x2x3xf32>
                        """),
                Arguments.of(
                        "a product, and steps that then differ",
                        "dot_general",
                        List.of(2L, 1L, 4L, 4L, 5L),
                        "tensor<2x3x4x4x5xf32>",
                        STEPS + PRODUCT + """
                        %t = stablehlo.iota dim = 1 : tensor<2x3x4x4x5xf32>
                        %r = stablehlo.multiply %p, %t : tensor<2x3x4x4x5xf32>
                        """),
                Arguments.of(
                        "transforms of transposed steps",
                        "fft",
                        List.of(1L, 2L, 3L, 4L, 3L),
                        "tensor<3x2x3x4x3xf32>",
                        STEPS + """
                        %t = stablehlo.transpose %s, dims = [1, 0, 4, 2, 3] : (tensor<2x3x4x4x3xf32>) -> tensor<3x2x3x4x4xf32>
                        %f = stablehlo.fft %t, type = RFFT, length = [4, 4] : (tensor<3x2x3x4x4xf32>) -> tensor<3x2x3x4x3xcomplex<f32>>
                        %r = stablehlo.real %f : (tensor<3x2x3x4x3xcomplex<f32>>) -> tensor<3x2x3x4x3xf32>
                        """),
                Arguments.of(
                        "parts of the steps, padded and joined",
                        "dot_general",
                        List.of(2L, 1L, 4L, 4L, 5L),
                        "tensor<2x5x4x4x5xf32>",
                        STEPS + PRODUCT + """
                        %0 = stablehlo.constant dense<7.0> : tensor<f32>
                        %1 = stablehlo.slice %p [0:2, 0:3:2, 0:4, 1:4, 0:5] : (tensor<2x3x4x4x5xf32>) -> tensor<2x2x4x3x5xf32>
                        %2 = stablehlo.pad %1, %0, low = [0, 0, 0, 1, 0], high = [0, 0, 0, 0, 0], interior = [0, 0, 0, 0, 0] : (tensor<2x2x4x3x5xf32>, tensor<f32>) -> tensor<2x2x4x4x5xf32>
                        %r = stablehlo.concatenate %2, %p, dim = 1 : (tensor<2x2x4x4x5xf32>, tensor<2x3x4x4x5xf32>) -> tensor<2x5x4x4x5xf32>
                        """),
                Arguments.of(
                        "a sum over the image",
                        "dot_general",
                        List.of(2L, 1L, 4L, 4L, 5L),
                        "tensor<2x3x5xf32>",
                        STEPS + PRODUCT + """
                        %0 = stablehlo.constant dense<0.0> : tensor<f32>
                        %r = stablehlo.reduce(%p init: %0) applies stablehlo.add across dimensions = [2, 3] : (tensor<2x3x4x4x5xf32>, tensor<f32>) -> tensor<2x3x5xf32>
                        """),
                Arguments.of(
                        "a sum over the steps, which needs them",
                        "dot_general",
                        List.of(2L, 1L, 4L, 4L, 5L),
                        "tensor<2x4x4x5xf32>",
                        STEPS + PRODUCT + """
                        %0 = stablehlo.constant dense<0.0> : tensor<f32>
                        %r = stablehlo.reduce(%p init: %0) applies stablehlo.add across dimensions = [1] : (tensor<2x3x4x4x5xf32>, tensor<f32>) -> tensor<2x4x4x5xf32>
                        """),
                Arguments.of(
                        "axes merged across the factors: three pairs of columns",
                        "convolution",
                        List.of(2L, 4L, 4L, 5L),
                        "tensor<3x2x4x4x5xf32>",
                        STEPS + CONVOLUTION
                                + "%r = stablehlo.reshape %c : (tensor<6x4x4x5xf32>) -> tensor<3x2x4x4x5xf32>"),
                Arguments.of(
                        "attention of every step to every step",
                        "dot_general",
                        List.of(2L, 1L, 4L, 4L, 5L),
                        "tensor<2x3x3xf32>",
                        STEPS + PRODUCT + """
                        %r = stablehlo.dot_general %p, %p, batching_dims = [0] x [0], contracting_dims = [2, 3, 4] x [2, 3, 4] : (tensor<2x3x4x4x5xf32>, tensor<2x3x4x4x5xf32>) -> tensor<2x3x3xf32>
                        """));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("programs")
    void stepsAreComputedOnce(String what, String costly, List<Long> size, String result, String body)
            throws IOException {
        RewrittenProgram program = new RewrittenProgram(ARGUMENTS, result, body);

        assertThat(program.size(costly)).isEqualTo(size);
        program.assertAgreesWithXla();
    }
}
