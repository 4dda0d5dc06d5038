package io.portolan.converter.stablehlo.rewrites;

import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.TensorType;
import io.portolan.programs.stablehlo.Value;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * The logarithm of the absolute value of a complex number. JAX expands it to some 120 operations in float32, which keep the error of every
 * product, since {@code x² + y² - 1} cancels near the unit circle. Float64 holds these products exactly, so there the logarithm is
 * {@code log √(x² + y²)}. It is exact to float32 unless it is below 1e-9, where its absolute error of 1e-16 begins to show.
 */
final class LogarithmOfModulus extends Replacement {
    private static final double TOLERANCE = 1e-6;
    private static final float[][] SAMPLES = samples();

    @Override
    boolean replace(Operation operation, Producers producers, Appender append) {
        Optional<Number> number = number(operation, producers);
        number.ifPresent(found -> append(operation.result(), found, append));
        return number.isPresent();
    }

    private record Number(Value re, Value im) {}

    /** The number whose logarithm an operation computes: a choice of which one branch adds to the logarithm of the larger part. */
    private static Optional<Number> number(Operation select, Producers producers) {
        if (!select.name().equals("stablehlo.select")
                || select.result().tensor().element() != ElementType.F32) {
            return Optional.empty();
        }
        return producers
                .of(select.operand(2), "stablehlo.add")
                .flatMap(sum -> producers.of(sum.operand(0), "stablehlo.log"))
                .flatMap(log -> producers.of(log.operand(0), "stablehlo.maximum"))
                .flatMap(larger -> parts(larger, producers))
                .filter(number -> computesLogarithm(select, number, producers));
    }

    private static Optional<Number> parts(Operation larger, Producers producers) {
        Optional<Operation> re = producers.of(larger.operand(0), "stablehlo.abs");
        Optional<Operation> im = producers.of(larger.operand(1), "stablehlo.abs");
        return re.isPresent()
                        && im.isPresent()
                        && re.get().operand(0) != im.get().operand(0)
                ? Optional.of(new Number(re.get().operand(0), im.get().operand(0)))
                : Optional.empty();
    }

    private static boolean computesLogarithm(Operation select, Number number, Producers producers) {
        return SampledExpression.computes(
                select.result(),
                Map.of(number.re(), SAMPLES[0], number.im(), SAMPLES[1]),
                i -> Math.log(Math.hypot(SAMPLES[0][i], SAMPLES[1][i])),
                TOLERANCE,
                producers);
    }

    /** Numbers of all sizes and directions, some of them close to the unit circle, and special ones. */
    private static float[][] samples() {
        Random random = new Random(1);
        float[][] samples = new float[2][256];
        for (int i = 0; i < samples[0].length; i++) {
            double angle = random.nextDouble() * 2 * Math.PI;
            double size =
                    i % 2 == 0 ? 1 + (random.nextDouble() - 0.5) / (1 << i % 20) : Math.exp(random.nextGaussian() * 20);
            samples[0][i] = (float) (size * Math.cos(angle));
            samples[1][i] = (float) (size * Math.sin(angle));
        }
        float[][] special = {
            {0, 0},
            {1, 0},
            {0, -1},
            {3, -3},
            {-1e-20f, -1e-20f},
            {Float.POSITIVE_INFINITY, 1},
            {1, Float.NEGATIVE_INFINITY},
            {Float.NaN, 1},
            {Float.MIN_VALUE, 0},
            {0, Float.MAX_VALUE},
            {Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY}
        };
        for (int i = 0; i < special.length; i++) {
            samples[0][i] = special[i][0];
            samples[1][i] = special[i][1];
        }
        return samples;
    }

    private static void append(Value result, Number number, Appender append) {
        TensorType wide = result.tensor().withElement(ElementType.F64);
        Value re = append.operation("stablehlo.convert", wide, number.re());
        Value im = append.operation("stablehlo.convert", wide, number.im());
        Value square = append.operation(
                "stablehlo.add",
                wide,
                append.operation("stablehlo.multiply", wide, re, re),
                append.operation("stablehlo.multiply", wide, im, im));
        Value modulus = append.operation("stablehlo.sqrt", wide, square);
        append.operation("stablehlo.convert", result, append.operation("stablehlo.log", wide, modulus));
    }
}
