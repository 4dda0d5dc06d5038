package io.portolan.converter.stablehlo.rewrites;

import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Removes operations whose results nothing uses. Those without results, and calls of code outside the program, stay. */
final class DeadOperations implements Rewrite {
    @Override
    public Block apply(Block block) {
        Set<Value> used = Collections.newSetFromMap(new IdentityHashMap<>());
        used.addAll(block.results());
        List<Operation> kept = new ArrayList<>();
        for (int i = block.operations().size() - 1; i >= 0; i--) {
            Operation operation = block.operations().get(i);
            if (isNeeded(operation) || operation.results().stream().anyMatch(used::contains)) {
                kept.add(operation);
                used.addAll(operation.operands());
                used.addAll(RegionUses.captured(operation));
            }
        }
        Collections.reverse(kept);
        return new Block(block.arguments(), kept, block.results());
    }

    private static boolean isNeeded(Operation operation) {
        return operation.results().isEmpty() || operation.name().equals("stablehlo.custom_call");
    }
}
