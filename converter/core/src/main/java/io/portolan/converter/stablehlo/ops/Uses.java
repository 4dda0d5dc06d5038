package io.portolan.converter.stablehlo.ops;

import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/** Where the values of a block are used. */
final class Uses {
    private final Block block;
    private final Map<Operation, Set<Integer>> ignored = new IdentityHashMap<>();

    Uses(Block block) {
        this.block = block;
    }

    /** Leaves out one operand of an operation. */
    void ignore(Operation operation, int operand) {
        ignored.computeIfAbsent(operation, none -> new HashSet<>()).add(operand);
    }

    /** Whether a value has any influence on the results of the block, except on one of them. */
    boolean reaches(Value value, int exceptResult) {
        Set<Value> reached = Collections.newSetFromMap(new IdentityHashMap<>());
        reached.add(value);
        for (Operation operation : block.operations()) {
            for (int i = 0; i < operation.operands().size(); i++) {
                boolean counts = !ignored.getOrDefault(operation, Set.of()).contains(i);
                if (counts && reached.contains(operation.operand(i))) {
                    reached.addAll(operation.results());
                }
            }
            if (operation.regions().stream().anyMatch(region -> captures(region, reached))) {
                reached.addAll(operation.results());
            }
        }
        for (int i = 0; i < block.results().size(); i++) {
            if (i != exceptResult && reached.contains(block.results().get(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean captures(Block region, Set<Value> values) {
        return region.results().stream().anyMatch(values::contains)
                || region.operations().stream()
                        .anyMatch(operation -> operation.operands().stream().anyMatch(values::contains)
                                || operation.regions().stream().anyMatch(nested -> captures(nested, values)));
    }

    /** How often an operation, with its regions, uses a value. */
    static long count(Operation operation, Value value) {
        long uses = 0;
        Deque<Operation> waiting = new ArrayDeque<>();
        waiting.push(operation);
        while (!waiting.isEmpty()) {
            Operation next = waiting.pop();
            uses += next.operands().stream().filter(operand -> operand == value).count();
            for (Block region : next.regions()) {
                uses += region.results().stream()
                        .filter(result -> result == value)
                        .count();
                region.operations().forEach(waiting::push);
            }
        }
        return uses;
    }
}
