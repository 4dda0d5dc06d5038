package io.portolan.converter.stablehlo;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.ir.TensorData;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** NaN is where XLA has it; ONNX Runtime's own reductions ignore it, and its sorts leave numbers in no order because of it. */
class NanTest {
    private static final float INFINITE = Float.POSITIVE_INFINITY;
    private static final TensorData MIXED =
            TensorData.of(new float[] {3, Float.NaN, 1, -0f, 0, -INFINITE, INFINITE, Float.NaN, -5}, 9);

    @ParameterizedTest
    @CsvSource({"maximum, 0xFF800000, 3, Infinity", "minimum, 0x7F800000, 1, -Infinity"})
    void aMaximumOfNanIsNan(String function, String initial, double ofNumbers, double ofInfinities) throws IOException {
        double[] result = ConvertedProgram.run(
                """
                module @reduction {
                  func.func public @main(%%arg0: tensor<3x3xf32>) -> tensor<3xf32> {
                    %%cst = stablehlo.constant dense<%s> : tensor<f32>
                    %%0 = stablehlo.reduce(%%arg0 init: %%cst) applies stablehlo.%s across dimensions = [1] : (tensor<3x3xf32>, tensor<f32>) -> tensor<3xf32>
                    return %%0 : tensor<3xf32>
                  }
                }
                """.formatted(initial, function),
                TensorData.of(new float[] {1, Float.NaN, 2, 3, 1, 2, INFINITE, -INFINITE, 0}, 3, 3));

        assertThat(result).containsExactly(Double.NaN, ofNumbers, ofInfinities);
    }

    @ParameterizedTest
    @ValueSource(strings = {"f32", "f16"})
    void nanIsSortedBehindInfinity(String type) throws IOException {
        assertThat(ConvertedProgram.run(sorting("LT", type), MIXED))
                .containsExactly(-INFINITE, -5, -0.0, 0, 1, 3, INFINITE, Double.NaN, Double.NaN);
        assertThat(ConvertedProgram.run(sorting("GT", type), MIXED))
                .containsExactly(Double.NaN, Double.NaN, INFINITE, 3, 1, -0.0, 0, -5, -INFINITE);
    }

    private static String sorting(String direction, String type) {
        return """
                module @sorting {
                  func.func public @main(%%arg0: tensor<9xf32>) -> tensor<9xf32> {
                    %%0 = stablehlo.convert %%arg0 : (tensor<9xf32>) -> tensor<9x%2$s>
                    %%1 = "stablehlo.sort"(%%0) <{dimension = 0 : i64, is_stable = true}> ({
                    ^bb0(%%a: tensor<%2$s>, %%b: tensor<%2$s>):
                      %%c = stablehlo.compare %1$s, %%a, %%b, FLOAT : (tensor<%2$s>, tensor<%2$s>) -> tensor<i1>
                      stablehlo.return %%c : tensor<i1>
                    }) : (tensor<9x%2$s>) -> tensor<9x%2$s>
                    %%2 = stablehlo.convert %%1 : (tensor<9x%2$s>) -> tensor<9xf32>
                    return %%2 : tensor<9xf32>
                  }
                }
                """.formatted(direction, type);
    }
}
