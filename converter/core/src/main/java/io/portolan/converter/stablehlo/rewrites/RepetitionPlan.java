package io.portolan.converter.stablehlo.rewrites;

import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.Value;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which operations of a block work on less than the program writes, and on how much. Repetition is followed through merged axes too, since
 * JAX merges steps into the batch before a convolution. Operations that hand repeated tensors to each other make a group, and a group is
 * changed only if one of them is costly: to compute a bias or a mask on fewer elements saves nothing, but hides it from later passes.
 */
final class RepetitionPlan {
    private final Map<Operation, Repetition> possible = new IdentityHashMap<>();
    private final Map<Value, Layout> layouts = new IdentityHashMap<>();
    private final Producers producers;
    private final OperationGroups groups = new OperationGroups();

    private RepetitionPlan(Block block) {
        this.producers = new Producers(block);
    }

    static RepetitionPlan of(Block block) {
        RepetitionPlan plan = new RepetitionPlan(block);
        block.operations().forEach(plan::add);
        return plan;
    }

    /** How an operation is computed on shorter operands; empty if it is not. */
    Optional<Repetition> shortened(Operation operation) {
        return Optional.ofNullable(possible.get(operation))
                .filter(repetition -> isSource(repetition) || groups.isCostly(operation));
    }

    /** Whether an operation remains as it is in the program, be it beside its shorter form. */
    boolean isKept(Operation operation) {
        return shortened(operation).filter(repetition -> !isSource(repetition)).isEmpty();
    }

    private void add(Operation operation) {
        if (!Statics.isStatic(operation)) {
            return;
        }
        List<Layout> operands = operation.operands().stream()
                .map(operand -> layouts.computeIfAbsent(operand, value -> Layout.plain(value.tensor())))
                .toList();
        RepetitionRules.of(operation, operands).ifPresent(repetition -> {
            possible.put(operation, repetition);
            groups.add(operation);
            operation.results().forEach(result -> layouts.put(result, repetition.result()));
            for (int i = 0; i < operands.size(); i++) {
                if (repetition.operands().get(i).repeats()) {
                    producers
                            .of(operation.operand(i))
                            .filter(producer -> !isSource(possible.get(producer)))
                            .ifPresent(producer -> groups.join(producer, operation));
                }
            }
        });
    }

    /** Whether an operation repeats what is not repeated before: it is cheap, and may be there in both forms. */
    private static boolean isSource(Repetition repetition) {
        return repetition.operands().stream().noneMatch(Layout::repeats);
    }
}
