package io.portolan.converter.stablehlo.rewrites;

import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.Value;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which parts of the values of a block its results depend on, as far as that is a box, found from the results backwards. Operations that
 * hand parts to each other make a group, and a group is changed only if one of them is costly.
 */
final class Demand {
    private final Map<Value, Box> read = new IdentityHashMap<>();
    private final Map<Operation, Narrowing> narrowings = new IdentityHashMap<>();
    private final Producers producers;
    private final OperationGroups groups = new OperationGroups();

    private Demand(Block block) {
        this.producers = new Producers(block);
    }

    static Demand of(Block block) {
        Demand demand = new Demand(block);
        block.results().forEach(demand::readAll);
        List<Operation> operations = block.operations();
        for (int i = operations.size() - 1; i >= 0; i--) {
            demand.visit(operations.get(i));
        }
        operations.forEach(demand::group);
        return demand;
    }

    /** The part of the only result of an operation that is computed in its place; empty if that is all. */
    Optional<Box> part(Operation operation) {
        return narrowable(operation).filter(box -> groups.isCostly(operation));
    }

    /** How the result, or the part of it that is read, is computed from parts of the operands. */
    Narrowing narrowing(Operation operation) {
        return narrowings.get(operation);
    }

    private Optional<Box> narrowable(Operation operation) {
        return narrowings.containsKey(operation)
                ? Optional.ofNullable(read.get(operation.result()))
                        .filter(box -> !box.isWhole(operation.result().tensor()))
                : Optional.empty();
    }

    private void visit(Operation operation) {
        Optional<Narrowing> narrowing = operation.results().size() == 1 && Statics.isStatic(operation)
                ? Optional.ofNullable(read.get(operation.result())).flatMap(box -> NarrowingRules.of(operation, box))
                : Optional.empty();
        if (narrowing.isEmpty()) {
            operation.operands().forEach(this::readAll);
            RegionUses.captured(operation).forEach(this::readAll);
            return;
        }
        narrowings.put(operation, narrowing.get());
        narrowing.get().operands().forEach(part -> read(operation.operand(part.operand()), part.box()));
        RegionUses.captured(operation).forEach(this::readAll);
    }

    private void group(Operation operation) {
        if (narrowable(operation).isEmpty()) {
            return;
        }
        groups.add(operation);
        for (Value operand : operation.operands()) {
            producers
                    .of(operand)
                    .filter(producer -> narrowable(producer).isPresent())
                    .ifPresent(producer -> groups.join(producer, operation));
        }
    }

    private void readAll(Value value) {
        if (Statics.isStatic(value.type())) {
            read(value, Box.whole(value.tensor()));
        }
    }

    private void read(Value value, Box box) {
        read.merge(value, box, Box::hull);
    }
}
