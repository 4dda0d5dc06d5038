package io.portolan.converter.stablehlo.ops;

import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The comparator of a sort, as JAX writes it: by the first key; where these are equal, by the second, and so on. Before they are
 * compared, floats are made to compare as usual, by replacing -0 by 0 and every NaN by the same one.
 */
final class Comparator {
    /** Operations through which a key may pass before it is compared. */
    private static final Set<String> TRANSPARENT =
            Set.of("stablehlo.select", "stablehlo.compare", "stablehlo.convert", "stablehlo.constant");

    private static final int MOST_KEYS = 8;
    private static final int DEEPEST = 64;

    /**
     * A key.
     *
     * @param operand the operand of the sort that holds it
     * @param isImaginary whether it is the imaginary part of a complex operand
     * @param isDescending whether larger ones come first
     */
    record Key(int operand, boolean isImaginary, boolean isDescending) {}

    /** An argument of the comparator that a value is derived from. */
    private record Source(int argument, boolean isImaginary) {}

    private final Block block;
    private final Map<Value, Operation> producers = new IdentityHashMap<>();

    Comparator(Block block) {
        this.block = block;
        block.operations()
                .forEach(operation -> operation.results().forEach(result -> producers.put(result, operation)));
    }

    /**
     * The keys, the most important one first.
     *
     * @throws IllegalArgumentException if it is no such comparator
     */
    List<Key> keys() {
        List<Key> keys = new ArrayList<>();
        for (Operation operation : block.operations()) {
            order(operation).ifPresent(key -> {
                if (!keys.contains(key)) {
                    keys.add(key);
                }
            });
        }
        keys.sort(java.util.Comparator.comparing(Key::operand).thenComparing(Key::isImaginary));
        if (keys.isEmpty() || keys.size() > MOST_KEYS || !ordersBy(keys)) {
            throw new IllegalArgumentException("the comparator is not an order by keys");
        }
        return keys;
    }

    /** The key that a comparison orders by. */
    private Optional<Key> order(Operation compare) {
        if (!compare.name().equals("stablehlo.compare")) {
            return Optional.empty();
        }
        String direction = compare.keyword("comparison_direction");
        Optional<Source> left = source(compare.operand(0));
        Optional<Source> right = source(compare.operand(1));
        boolean isOrder = (direction.equals("LT") || direction.equals("GT"))
                && left.isPresent()
                && right.isPresent()
                && left.get().argument() / 2 == right.get().argument() / 2
                && left.get().argument() != right.get().argument();
        if (!isOrder) {
            return Optional.empty();
        }
        boolean isForward = left.get().argument() < right.get().argument();
        return Optional.of(
                new Key(left.get().argument() / 2, left.get().isImaginary(), direction.equals("GT") == isForward));
    }

    /** The only argument that a value is derived from. */
    private Optional<Source> source(Value value) {
        Set<Source> sources = new HashSet<>();
        Deque<Value> waiting = new ArrayDeque<>();
        waiting.push(value);
        boolean isImaginary = false;
        int steps = 0;
        while (!waiting.isEmpty() && steps++ < 256) {
            Value next = waiting.pop();
            int argument = block.arguments().indexOf(next);
            if (argument >= 0) {
                sources.add(new Source(argument, isImaginary));
                continue;
            }
            Operation producer = producers.get(next);
            if (producer == null) {
                continue;
            }
            if (producer.name().equals("stablehlo.imag")) {
                isImaginary = true;
            } else if (!TRANSPARENT.contains(producer.name())
                    && !producer.name().equals("stablehlo.real")) {
                return Optional.empty();
            }
            producer.operands().forEach(waiting::push);
        }
        Set<Integer> arguments = new HashSet<>();
        sources.forEach(source -> arguments.add(source.argument()));
        boolean anyImaginary = isImaginary;
        return arguments.size() == 1
                ? Optional.of(new Source(arguments.iterator().next(), anyImaginary))
                : Optional.empty();
    }

    /** Whether the comparator orders by these keys in this order: for every outcome of their comparisons, it says what the first different key says. */
    private boolean ordersBy(List<Key> keys) {
        int[] outcome = new int[keys.size()];
        int cases = (int) Math.round(Math.pow(3, keys.size()));
        for (int i = 0; i < cases; i++) {
            int rest = i;
            for (int key = 0; key < outcome.length; key++) {
                outcome[key] = rest % 3 - 1;
                rest /= 3;
            }
            Optional<Boolean> says = truth(block.results().get(0), keys, outcome, 0);
            if (says.isEmpty() || says.get() != isBefore(keys, outcome)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBefore(List<Key> keys, int[] outcome) {
        for (int i = 0; i < outcome.length; i++) {
            if (outcome[i] != 0) {
                return outcome[i] < 0 != keys.get(i).isDescending();
            }
        }
        return false;
    }

    /** A truth value of the comparator, if the comparisons of keys have these outcomes; empty if it depends on more. */
    private Optional<Boolean> truth(Value value, List<Key> keys, int[] outcome, int depth) {
        Operation producer = producers.get(value);
        if (producer == null || depth > DEEPEST) {
            return Optional.empty();
        }
        if (producer.name().equals("stablehlo.compare")) {
            return comparison(producer, keys, outcome);
        }
        List<Boolean> operands = new ArrayList<>();
        for (Value operand : producer.operands()) {
            Optional<Boolean> truth = truth(operand, keys, outcome, depth + 1);
            if (truth.isEmpty()) {
                return truth;
            }
            operands.add(truth.get());
        }
        return switch (producer.name()) {
            case "stablehlo.and" -> Optional.of(operands.get(0) && operands.get(1));
            case "stablehlo.or" -> Optional.of(operands.get(0) || operands.get(1));
            case "stablehlo.not" -> Optional.of(!operands.get(0));
            case "stablehlo.select" -> Optional.of(operands.get(0) ? operands.get(1) : operands.get(2));
            default -> Optional.empty();
        };
    }

    private Optional<Boolean> comparison(Operation compare, List<Key> keys, int[] outcome) {
        Optional<Source> left = source(compare.operand(0));
        Optional<Source> right = source(compare.operand(1));
        if (left.isEmpty()
                || right.isEmpty()
                || left.get().argument() / 2 != right.get().argument() / 2) {
            return Optional.empty();
        }
        for (int i = 0; i < keys.size(); i++) {
            Key key = keys.get(i);
            if (key.operand() == left.get().argument() / 2
                    && key.isImaginary() == left.get().isImaginary()) {
                int order = left.get().argument() < right.get().argument() ? outcome[i] : -outcome[i];
                return Optional.of(
                        switch (compare.keyword("comparison_direction")) {
                            case "LT" -> order < 0;
                            case "GT" -> order > 0;
                            case "LE" -> order <= 0;
                            case "GE" -> order >= 0;
                            case "EQ" -> order == 0;
                            default -> order != 0;
                        });
            }
        }
        return Optional.empty();
    }
}
