package io.portolan.converter.stablehlo.rewrites;

import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.Value;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/** The operations of a block by what they compute. */
final class Producers {
    private final Map<Value, Operation> byResult = new IdentityHashMap<>();

    Producers(Block block) {
        block.operations().forEach(operation -> operation.results().forEach(result -> byResult.put(result, operation)));
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
