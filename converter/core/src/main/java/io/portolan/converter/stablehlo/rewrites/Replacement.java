package io.portolan.converter.stablehlo.rewrites;

import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.Operation;
import java.util.ArrayList;
import java.util.List;

/** A rewrite that replaces single operations, in regions too. What only they used is left for {@link DeadOperations}. */
abstract class Replacement implements Rewrite {
    @Override
    public Block apply(Block block) {
        Producers producers = new Producers(block);
        List<Operation> operations = new ArrayList<>();
        for (Operation operation : block.operations()) {
            if (!replace(operation, producers, new Appender(operation.location(), operations))) {
                operations.add(RegionUses.withRegions(operation, this::apply));
            }
        }
        return new Block(block.arguments(), operations, block.results());
    }

    /**
     * Appends other operations that compute the results of an operation.
     *
     * @return whether it did
     */
    abstract boolean replace(Operation operation, Producers producers, Appender append);
}
