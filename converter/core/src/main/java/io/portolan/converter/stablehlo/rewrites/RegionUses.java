package io.portolan.converter.stablehlo.rewrites;

import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.Value;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What the regions of operations use, and operations with other regions. */
final class RegionUses {
    private RegionUses() {}

    /** All values that the regions of an operation use, those of the blocks around it among them. */
    static Set<Value> captured(Operation operation) {
        Set<Value> used = Collections.newSetFromMap(new IdentityHashMap<>());
        operation.regions().forEach(region -> {
            used.addAll(region.results());
            region.visit(inner -> {
                used.addAll(inner.operands());
                inner.regions().forEach(nested -> used.addAll(nested.results()));
            });
        });
        return used;
    }

    /** The operation with each of its regions rewritten. */
    static Operation withRegions(Operation operation, UnaryOperator<Block> rewrite) {
        return operation.regions().isEmpty()
                ? operation
                : new Operation(
                        operation.name(),
                        operation.operands(),
                        operation.results(),
                        operation.attributes(),
                        operation.annotations(),
                        operation.regions().stream().map(rewrite).toList(),
                        operation.location());
    }
}
