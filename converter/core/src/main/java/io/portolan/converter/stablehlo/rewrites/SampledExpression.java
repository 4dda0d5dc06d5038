package io.portolan.converter.stablehlo.rewrites;

import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Elements;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.Value;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Computes an elementwise expression in float32 at sampled values of its leaves, rounding after every operation as the program does, to
 * find out what it computes, however it is written.
 */
final class SampledExpression {
    private static final int MOST_OPERATIONS = 512;

    private static final Map<String, Unary> UNARY = Map.of(
            "stablehlo.abs", Math::abs,
            "stablehlo.negate", x -> -x,
            "stablehlo.exponential", x -> (float) Math.exp(x),
            "stablehlo.sqrt", x -> (float) Math.sqrt(x),
            "stablehlo.log", x -> (float) Math.log(x),
            "stablehlo.log_plus_one", x -> (float) Math.log1p(x));

    private static final Map<String, Binary> BINARY = Map.of(
            "stablehlo.add",
            Float::sum,
            "stablehlo.subtract",
            (x, y) -> x - y,
            "stablehlo.multiply",
            (x, y) -> x * y,
            "stablehlo.divide",
            (x, y) -> x / y,
            "stablehlo.maximum",
            Math::max,
            "stablehlo.minimum",
            Math::min);

    private static final Map<String, Comparison> COMPARISONS = Map.of(
            "EQ", (x, y) -> x == y,
            "NE", (x, y) -> x != y,
            "LT", (x, y) -> x < y,
            "LE", (x, y) -> x <= y,
            "GT", (x, y) -> x > y,
            "GE", (x, y) -> x >= y);

    private final Producers producers;
    private final Map<Value, float[]> computed;
    private final int samples;
    private int operations;

    private interface Unary {
        float apply(float x);
    }

    private interface Binary {
        float apply(float x, float y);
    }

    private interface Comparison {
        boolean holds(float x, float y);
    }

    private SampledExpression(Producers producers, Map<Value, float[]> leaves, int samples) {
        this.producers = producers;
        this.computed = new IdentityHashMap<>(leaves);
        this.samples = samples;
    }

    /**
     * Whether an expression computes a function of its leaves: at every sample, the result is within a tolerance, relative to the larger of
     * it and 1, or equally infinite or undefined.
     *
     * @param leaves the samples of each leaf
     * @param function the function of the sample at an index
     */
    static boolean computes(
            Value root,
            Map<Value, float[]> leaves,
            IntToDoubleFunction function,
            double tolerance,
            Producers producers) {
        Optional<float[]> values = evaluate(root, leaves, producers);
        return values.isPresent()
                && IntStream.range(0, values.get().length)
                        .allMatch(i -> isSame(values.get()[i], function.applyAsDouble(i), tolerance));
    }

    private static boolean isSame(float value, double expected, double tolerance) {
        return Double.isFinite(expected)
                ? Math.abs(value - expected) <= tolerance * Math.max(1, Math.abs(expected))
                : Float.compare(value, (float) expected) == 0;
    }

    /**
     * The values of an expression.
     *
     * @param leaves the samples of each leaf
     * @return as many values; empty if the expression has other leaves besides constants, or other operations than arithmetic
     */
    private static Optional<float[]> evaluate(Value root, Map<Value, float[]> leaves, Producers producers) {
        int samples = leaves.values().iterator().next().length;
        return Optional.ofNullable(new SampledExpression(producers, leaves, samples).values(root));
    }

    private float[] values(Value value) {
        float[] known = computed.get(value);
        if (known != null) {
            return known;
        }
        Operation operation = producers.of(value).orElse(null);
        if (operation == null || ++operations > MOST_OPERATIONS) {
            return null;
        }
        float[] result = switch (operation.name()) {
            case "stablehlo.constant" -> constant(operation.elements("value"));
            // Of a constant: samples of a leaf have no axes to repeat.
            case "stablehlo.broadcast_in_dim", "stablehlo.dynamic_broadcast_in_dim" ->
                operation.operand(0).tensor().rank() == 0 ? values(operation.operand(0)) : null;
            default -> applied(operation);
        };
        computed.put(value, result);
        return result;
    }

    private float[] constant(Elements elements) {
        if (elements.type().element() != ElementType.F32 || elements.held() != 1) {
            return null;
        }
        float[] all = new float[samples];
        Arrays.fill(all, (float) elements.doubleAt(0));
        return all;
    }

    private float[] applied(Operation operation) {
        float[][] operands = new float[operation.operands().size()][];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = values(operation.operand(i));
            if (operands[i] == null) {
                return null;
            }
        }
        float[] result = new float[samples];
        for (int i = 0; i < samples; i++) {
            Float one = applied(operation, operands, i);
            if (one == null) {
                return null;
            }
            result[i] = one;
        }
        return result;
    }

    private static Float applied(Operation operation, float[][] operands, int at) {
        String name = operation.name();
        if (UNARY.containsKey(name)) {
            return UNARY.get(name).apply(operands[0][at]);
        }
        if (BINARY.containsKey(name)) {
            return BINARY.get(name).apply(operands[0][at], operands[1][at]);
        }
        return switch (name) {
            case "stablehlo.compare" -> {
                Comparison comparison = COMPARISONS.get(operation.keyword("comparison_direction"));
                yield comparison == null ? null : comparison.holds(operands[0][at], operands[1][at]) ? 1f : 0f;
            }
            case "stablehlo.select" -> operands[0][at] != 0 ? operands[1][at] : operands[2][at];
            default -> null;
        };
    }
}
