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
 * Programs that multiply 6 steps of 4 features, in a batch of 2, by a matrix, and then read some of the steps: they give what XLA gives for
 * the program as it is written, and the product has the size that is expected.
 */
class UnreadWorkTest {
    private static final List<TensorType> ARGUMENTS = List.of(
            TensorType.of(ElementType.F32, 2, 6, 4),
            TensorType.of(ElementType.F32, 4, 5),
            TensorType.of(ElementType.F32, 2, 2, 5));

    private static final String PRODUCT = """
            %p = stablehlo.dot_general %arg0, %arg1, contracting_dims = [2] x [0] : (tensor<2x6x4xf32>, tensor<4x5xf32>) -> tensor<2x6x5xf32>
            """;

    static Stream<Arguments> programs() {
        return Stream.of(
                Arguments.of(
                        "the last step of a residual block", List.of(2L, 1L, 5L), "tensor<2x1x5xf32>", PRODUCT + """
                        %t = stablehlo.tanh %p : tensor<2x6x5xf32>
                        %s = stablehlo.add %p, %t : tensor<2x6x5xf32>
                        %r = stablehlo.slice %s [0:2, 5:6, 0:5] : (tensor<2x6x5xf32>) -> tensor<2x1x5xf32>
                        """),
                Arguments.of(
                        "every other step, and a position that a counter adds",
                        List.of(2L, 3L, 5L),
                        "tensor<2x2x5xf32>",
                        PRODUCT + """
                        %c = stablehlo.iota dim = 1 : tensor<2x6x5xf32>
                        %s = stablehlo.add %p, %c : tensor<2x6x5xf32>
                        %r = stablehlo.slice %s [0:2, 2:6:2, 0:5] : (tensor<2x6x5xf32>) -> tensor<2x2x5xf32>
                        """),
                Arguments.of(
                        "two places that are read, of which the hull is computed",
                        List.of(2L, 4L, 5L),
                        "tensor<2x1x5xf32>",
                        PRODUCT + """
                        %a = stablehlo.slice %p [0:2, 1:2, 0:5] : (tensor<2x6x5xf32>) -> tensor<2x1x5xf32>
                        %b = stablehlo.slice %p [0:2, 4:5, 0:5] : (tensor<2x6x5xf32>) -> tensor<2x1x5xf32>
                        %r = stablehlo.subtract %a, %b : tensor<2x1x5xf32>
                        """),
                Arguments.of("a transposed and reshaped step", List.of(2L, 1L, 5L), "tensor<5x2xf32>", PRODUCT + """
                        %t = stablehlo.transpose %p, dims = [2, 1, 0] : (tensor<2x6x5xf32>) -> tensor<5x6x2xf32>
                        %w = stablehlo.reshape %t : (tensor<5x6x2xf32>) -> tensor<5x6x1x2xf32>
                        %s = stablehlo.slice %w [0:5, 3:4, 0:1, 0:2] : (tensor<5x6x1x2xf32>) -> tensor<5x1x1x2xf32>
                        %r = stablehlo.reshape %s : (tensor<5x1x1x2xf32>) -> tensor<5x2xf32>
                        """),
                Arguments.of(
                        "interleaved with padding, as scans do: the first place is an element",
                        List.of(2L, 3L, 5L),
                        "tensor<2x5x5xf32>",
                        PRODUCT + """
                        %0 = stablehlo.constant dense<3.0> : tensor<f32>
                        %w = stablehlo.pad %p, %0, low = [0, 0, 0], high = [0, 1, 0], interior = [0, 1, 0] : (tensor<2x6x5xf32>, tensor<f32>) -> tensor<2x12x5xf32>
                        %r = stablehlo.slice %w [0:2, 4:9, 0:5] : (tensor<2x12x5xf32>) -> tensor<2x5x5xf32>
                        """),
                Arguments.of(
                        "interleaved with padding: the first place is padding",
                        List.of(2L, 2L, 5L),
                        "tensor<2x4x5xf32>",
                        PRODUCT + """
                        %0 = stablehlo.constant dense<3.0> : tensor<f32>
                        %w = stablehlo.pad %p, %0, low = [0, 1, 0], high = [0, -1, 0], interior = [0, 1, 0] : (tensor<2x6x5xf32>, tensor<f32>) -> tensor<2x11x5xf32>
                        %r = stablehlo.slice %w [0:2, 4:8, 0:5] : (tensor<2x11x5xf32>) -> tensor<2x4x5xf32>
                        """),
                Arguments.of(
                        "joined with others, and the joint is read",
                        List.of(2L, 1L, 5L),
                        "tensor<2x2x5xf32>",
                        PRODUCT + """
                        %j = stablehlo.concatenate %p, %arg2, dim = 1 : (tensor<2x6x5xf32>, tensor<2x2x5xf32>) -> tensor<2x8x5xf32>
                        %t = stablehlo.tanh %j : tensor<2x8x5xf32>
                        %r = stablehlo.slice %t [0:2, 5:7, 0:5] : (tensor<2x8x5xf32>) -> tensor<2x2x5xf32>
                        """),
                Arguments.of("a sum over the batch", List.of(2L, 2L, 5L), "tensor<2x5xf32>", PRODUCT + """
                        %0 = stablehlo.constant dense<0.0> : tensor<f32>
                        %s = stablehlo.reduce(%p init: %0) applies stablehlo.add across dimensions = [0] : (tensor<2x6x5xf32>, tensor<f32>) -> tensor<6x5xf32>
                        %r = stablehlo.slice %s [2:4, 0:5] : (tensor<6x5xf32>) -> tensor<2x5xf32>
                        """),
                Arguments.of(
                        "a result that is also used as a whole",
                        List.of(2L, 6L, 5L),
                        "tensor<2x5xf32>",
                        PRODUCT + """
                        %0 = stablehlo.constant dense<0.0> : tensor<f32>
                        %a = stablehlo.reduce(%p init: %0) applies stablehlo.add across dimensions = [1] : (tensor<2x6x5xf32>, tensor<f32>) -> tensor<2x5xf32>
                        %b = stablehlo.slice %p [0:2, 5:6, 0:5] : (tensor<2x6x5xf32>) -> tensor<2x1x5xf32>
                        %c = stablehlo.reshape %b : (tensor<2x1x5xf32>) -> tensor<2x5xf32>
                        %r = stablehlo.add %a, %c : tensor<2x5xf32>
                        """));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("programs")
    void onlyWhatIsReadIsComputed(String what, List<Long> size, String result, String body) throws IOException {
        RewrittenProgram program = new RewrittenProgram(ARGUMENTS, result, body);

        assertThat(program.size("dot_general")).isEqualTo(size);
        program.assertAgreesWithXla();
    }
}
