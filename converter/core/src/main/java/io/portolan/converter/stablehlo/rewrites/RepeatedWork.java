package io.portolan.converter.stablehlo.rewrites;

import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Computes once what a program computes several times on equal data. A model that shows the same image at every step repeats it first, and
 * then convolves, transforms and scans the copies; here the copies are made only where steps begin to differ. {@link RepetitionPlan} says
 * which operations work on less.
 */
final class RepeatedWork implements Rewrite {
    @Override
    public Block apply(Block block) {
        return new Rewriting(RepetitionPlan.of(block)).block(block);
    }

    private final class Rewriting {
        private final RepetitionPlan plan;
        private final List<Operation> operations = new ArrayList<>();
        private final Map<Value, Short> shortened = new IdentityHashMap<>();
        private final Set<Value> inFull = Collections.newSetFromMap(new IdentityHashMap<>());

        Rewriting(RepetitionPlan plan) {
            this.plan = plan;
        }

        /** What is computed in place of a tensor. */
        private record Short(Value value, Layout layout) {}

        Block block(Block block) {
            block.operations().forEach(this::rewrite);
            block.results().forEach(result -> inFull(result, ""));
            return new Block(block.arguments(), operations, block.results());
        }

        private void rewrite(Operation operation) {
            plan.shortened(operation).ifPresent(repetition -> shorten(operation, repetition));
            if (plan.isKept(operation)) {
                operation.operands().forEach(operand -> inFull(operand, operation.location()));
                RegionUses.captured(operation).forEach(value -> inFull(value, operation.location()));
                inFull.addAll(operation.results());
                operations.add(RegionUses.withRegions(operation, RepeatedWork.this::apply));
            }
        }

        private void shorten(Operation operation, Repetition repetition) {
            List<Value> operands = IntStream.range(0, repetition.operands().size())
                    .mapToObj(i -> in(repetition.operands().get(i), operation.operand(i), operation.location()))
                    .toList();
            List<Value> results = operation.results().stream()
                    .map(result -> new Value(repetition.result().kept(result.tensor())))
                    .toList();
            for (int i = 0; i < results.size(); i++) {
                shortened.put(operation.results().get(i), new Short(results.get(i), repetition.result()));
            }
            RegionUses.captured(operation).forEach(value -> inFull(value, operation.location()));
            operations.add(new Operation(
                    operation.name(),
                    operands,
                    results,
                    repetition.attributes(),
                    operation.annotations(),
                    operation.regions(),
                    operation.location()));
        }

        /** A tensor with the repetitions of a layout taken out, which it must have. */
        private Value in(Layout layout, Value value, String location) {
            if (!layout.repeats()) {
                inFull(value, location);
                return value;
            }
            Short instead = shortened.get(value);
            Value result = new Value(layout.kept(value.tensor()));
            return new Expansion(instead.layout(), layout)
                    .append(instead.value(), result, new Appender(location, operations));
        }

        /** Appends the operations that compute a value of the program, if it is computed in a shorter form so far. */
        private void inFull(Value value, String location) {
            Short instead = shortened.get(value);
            if (instead != null && inFull.add(value)) {
                Layout full = instead.layout().only(axis -> false);
                new Expansion(instead.layout(), full)
                        .append(instead.value(), value, new Appender(location, operations));
            }
        }
    }
}
