package io.portolan.programs.bytecode;

import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayList;
import java.util.List;

/** A block whose operations are being read. */
final class OpenBlock {
    private final List<Value> arguments = new ArrayList<>();
    private final List<String> argumentNames = new ArrayList<>();
    private final List<Operation> operations = new ArrayList<>();
    private final ValueScope.Range range;
    private int left;
    private List<Value> results;

    OpenBlock(ValueScope.Range range) {
        this.range = range;
    }

    ValueScope.Range range() {
        return range;
    }

    void expect(int count) {
        left = count;
    }

    boolean isComplete() {
        return left == 0;
    }

    void countOne() {
        left--;
    }

    void addArgument(Value argument, String name) {
        arguments.add(argument);
        argumentNames.add(name);
    }

    List<String> argumentNames() {
        return argumentNames;
    }

    void add(Operation operation) {
        operations.add(operation);
    }

    void setResults(List<Value> values) {
        results = values;
    }

    /** Whether an operation has given its results. */
    boolean isTerminated() {
        return results != null;
    }

    Block close() {
        return new Block(arguments, operations, results == null ? List.of() : results);
    }
}
