package io.portolan.converter.stablehlo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.portolan.converter.ir.TensorData;
import java.io.IOException;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions that {@code jax.jit(f).lower(...)} names and {@code jax.export} expands. */
class ChloFunctionsTest {
    private static final String BINARY = """
            module @function {
              func.func public @main(%%arg0: tensor<%2$dxf32>, %%arg1: tensor<%2$dxf32>) -> tensor<%2$dxf32> {
                %%0 = chlo.%1$s %%arg0, %%arg1 : tensor<%2$dxf32>, tensor<%2$dxf32> -> tensor<%2$dxf32>
                return %%0 : tensor<%2$dxf32>
              }
            }
            """;

    /** Values from their series: ζ(2), ζ(4), ψ'(1) = ζ(2), ψ''(1) = -2 ζ(3), ψ(1) = -γ. */
    @ParameterizedTest
    @CsvSource({
        "zeta, 2, 1, 1.6449340668482264",
        "zeta, 4, 1, 1.0823232337111382",
        "polygamma, 1, 1, 1.6449340668482264",
        "polygamma, 2, 1, -2.4041138063191885",
        "polygamma, 0, 1, -0.5772156649015329"
    })
    void aFunctionOfTwoNumbers(String name, float a, float b, double expected) throws IOException {
        double[] result = ConvertedProgram.run(
                BINARY.formatted(name, 1), TensorData.of(new float[] {a}, 1), TensorData.of(new float[] {b}, 1));

        // Computed in float64 and rounded to float32.
        assertThat(result[0]).isCloseTo(expected, within(Math.abs(expected) * 1e-7));
    }

    @Test
    void theBesselFunctionIsScaled() throws IOException {
        double[] result = ConvertedProgram.run("""
                module @function {
                  func.func public @main(%arg0: tensor<2xf32>) -> tensor<2xf32> {
                    %0 = chlo.bessel_i1e %arg0 : tensor<2xf32> -> tensor<2xf32>
                    return %0 : tensor<2xf32>
                  }
                }
                """, TensorData.of(new float[] {1, -1}, 2));

        assertThat(result[0]).isCloseTo(0.2079104153497085, within(3e-8));
        assertThat(result[1]).isEqualTo(-result[0]);
    }

    @Test
    void theNextNumberIsThatOfJavaToTheBit() throws IOException {
        float[] special = {
            0,
            1,
            -1,
            2,
            0.5f,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            Float.MIN_NORMAL,
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Math.nextDown(2f),
            Math.nextUp(1f),
            Math.nextDown(1f)
        };
        Random random = new Random(4);
        float[] from = new float[special.length * special.length + 500];
        float[] towards = new float[from.length];
        for (int i = 0; i < from.length; i++) {
            boolean isSpecial = i < special.length * special.length;
            from[i] = isSpecial
                    ? special[i % special.length]
                    : (float) (random.nextGaussian() * Math.exp(20 * random.nextGaussian()));
            towards[i] = isSpecial ? special[i / special.length] : (float) random.nextGaussian();
        }
        double[] expected = IntStream.range(0, from.length)
                .mapToDouble(i -> Math.nextAfter(from[i], (double) towards[i]))
                .toArray();

        double[] result = ConvertedProgram.run(
                BINARY.formatted("next_after", from.length),
                TensorData.of(from, from.length),
                TensorData.of(towards, from.length));

        assertThat(result).containsExactly(expected);
    }
}
