package io.portolan.converter.stablehlo.rewrites;

import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Leaves out what a program computes and nothing reads. A model that runs for many steps and reads the last one, or attends with all tokens
 * and reads the first, slices at the end; here the slice moves up, through everything that treats the steps alike.
 */
final class UnreadWork implements Rewrite {
    @Override
    public Block apply(Block block) {
        return new Rewriting(Demand.of(block)).block(block);
    }

    private final class Rewriting {
        private final Demand demand;
        private final List<Operation> operations = new ArrayList<>();
        private final Map<Value, Available> narrowed = new IdentityHashMap<>();

        /** The part of a value that is computed in its place. */
        private record Available(Value value, Box box) {}

        Rewriting(Demand demand) {
            this.demand = demand;
        }

        Block block(Block block) {
            block.operations().forEach(this::rewrite);
            return new Block(block.arguments(), operations, block.results());
        }

        private void rewrite(Operation operation) {
            Optional<Box> part = demand.part(operation);
            if (part.isPresent()) {
                Value result = new Value(part.get().type(operation.result().tensor()));
                append(operation, demand.narrowing(operation), result);
                narrowed.put(operation.result(), new Available(result, part.get()));
            } else if (operation.operands().stream().anyMatch(narrowed::containsKey)) {
                append(operation, demand.narrowing(operation), operation.result());
            } else {
                operations.add(RegionUses.withRegions(operation, UnreadWork.this::apply));
            }
        }

        private void append(Operation operation, Narrowing narrowing, Value result) {
            List<Value> operands = narrowing.operands().stream()
                    .map(part -> in(part.box(), operation.operand(part.operand()), operation.location()))
                    .toList();
            operations.add(new Operation(
                    narrowing.name(),
                    operands,
                    List.of(result),
                    narrowing.attributes(),
                    operation.annotations(),
                    narrowing.name().equals(operation.name()) ? operation.regions() : List.of(),
                    operation.location()));
        }

        private Value in(Box box, Value value, String location) {
            Available available = narrowed.getOrDefault(value, new Available(value, Box.whole(value.tensor())));
            if (available.box().equals(box)) {
                return available.value();
            }
            List<Long> starts = new ArrayList<>();
            List<Long> limits = new ArrayList<>();
            for (int axis = 0; axis < box.axes().size(); axis++) {
                Range within =
                        box.axis(axis).shifted(-available.box().axis(axis).start());
                starts.add(within.start());
                limits.add(within.limit());
            }
            Map<String, Attribute> attributes = Map.of(
                    "start_indices", new Attribute.Ints(starts),
                    "limit_indices", new Attribute.Ints(limits),
                    "strides", new Attribute.Ints(Collections.nCopies(starts.size(), 1L)));
            return new Appender(location, operations)
                    .operation("stablehlo.slice", attributes, new Value(box.type(value.tensor())), available.value());
        }
    }
}
