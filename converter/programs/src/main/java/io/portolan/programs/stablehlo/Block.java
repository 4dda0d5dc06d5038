package io.portolan.programs.stablehlo;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Operations in order, with what they take and return: the body of a function or a region of an operation. A region may use values of
 * the blocks around it.
 *
 * @param arguments the values that it is given
 * @param operations the operations without the final {@code return}
 * @param results the operands of that {@code return}
 */
public record Block(List<Value> arguments, List<Operation> operations, List<Value> results) {
    public Block {
        arguments = List.copyOf(arguments);
        operations = List.copyOf(operations);
        results = List.copyOf(results);
    }

    /** Visits its operations and those of their regions, however deep they nest, in no particular order. */
    public void visit(Consumer<Operation> visitor) {
        Deque<Block> waiting = new ArrayDeque<>(List.of(this));
        while (!waiting.isEmpty()) {
            for (Operation operation : waiting.pop().operations()) {
                visitor.accept(operation);
                operation.regions().forEach(waiting::push);
            }
        }
    }
}
