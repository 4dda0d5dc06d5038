package io.portolan.converter.stablehlo.rewrites;

import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.Value;
import java.util.Map;
import java.util.Optional;

/**
 * The Gaussian error linear unit, {@code x (1 + erf(x / √2)) / 2}. JAX writes it with the complementary error function, which it expands to
 * some 60 operations; runtimes have a kernel for this form. The sum loses what is below 6e-8 of x, for x far below 0.
 */
final class ExactGelu extends Replacement {
    /** The operation that is written instead, which is not one of StableHLO. */
    static final String NAME = "portolan.gelu";

    private static final double TOLERANCE = 1e-6;
    private static final float[] SAMPLES = samples();

    @Override
    boolean replace(Operation operation, Producers producers, Appender append) {
        Optional<Value> argument = argument(operation, producers);
        argument.ifPresent(x -> append.operation(NAME, operation.result(), x));
        return argument.isPresent();
    }

    /** What an operation is applied to, if it is half the number times the last choice of an expansion. */
    private static Optional<Value> argument(Operation product, Producers producers) {
        boolean isCandidate = product.name().equals("stablehlo.multiply")
                && product.result().tensor().element() == ElementType.F32
                && producers.of(product.operand(1), "stablehlo.select").isPresent();
        return isCandidate
                ? producers
                        .of(product.operand(0), "stablehlo.multiply")
                        .flatMap(half -> half.operands().stream()
                                .filter(operand -> computesGelu(product, operand, producers))
                                .findFirst())
                : Optional.empty();
    }

    private static boolean computesGelu(Operation product, Value argument, Producers producers) {
        return SampledExpression.computes(
                product.result(), Map.of(argument, SAMPLES), i -> gelu(SAMPLES[i]), TOLERANCE, producers);
    }

    /** By the series of the error function for small numbers, and the continued fraction of its complement for large ones. */
    private static double gelu(double x) {
        double y = Math.abs(x) / Math.sqrt(2);
        double complement;
        if (y < 3) {
            double sum = 0;
            double term = y;
            for (int n = 0; n < 100; n++) {
                sum += term / (2 * n + 1);
                term *= -y * y / (n + 1);
            }
            complement = 1 - 2 / Math.sqrt(Math.PI) * sum;
        } else {
            double fraction = 0;
            for (int n = 60; n > 0; n--) {
                fraction = n / 2.0 / (y + fraction);
            }
            complement = Math.exp(-y * y) / Math.sqrt(Math.PI) / (y + fraction);
        }
        return x / 2 * (x < 0 ? complement : 2 - complement);
    }

    private static float[] samples() {
        float[] samples = new float[201];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (i - 100) / 8f;
        }
        return samples;
    }
}
