package io.portolan.converter.stablehlo.rewrites;

import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.Value;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/** The operations of a block by what they compute, and how often that is read. */
final class Producers {
    private final Map<Value, Operation> byResult = new IdentityHashMap<>();
    private final Map<Value, Integer> reads = new IdentityHashMap<>();

    Producers(Block block) {
        for (Operation operation : block.operations()) {
            operation.results().forEach(result -> byResult.put(result, operation));
            operation.operands().forEach(this::read);
            RegionUses.captured(operation).forEach(this::read);
        }
        block.results().forEach(this::read);
    }

    private void read(Value value) {
        reads.merge(value, 1, Integer::sum);
    }

    /** Whether one operand or result of the block is this value, and no region uses it. */
    boolean isReadOnce(Value value) {
        return reads.getOrDefault(value, 0) == 1;
    }

    /** The operation of this block that computes a value. */
    Optional<Operation> of(Value value) {
        return Optional.ofNullable(byResult.get(value));
    }

    /** The operation of this block that computes a value, if it has this name. */
    Optional<Operation> of(Value value, String name) {
        return of(value).filter(operation -> operation.name().equals(name));
    }
}
