package io.portolan.converter.stablehlo;

import io.portolan.converter.lowering.ConversionException;
import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.Function;
import io.portolan.programs.stablehlo.Module;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Replaces every call by the body of the function, so that loops and patterns can be seen whole. */
final class Inliner {
    /** The number of operations that a program may grow to: calls that double at each level would otherwise never end. */
    private static final int MOST_OPERATIONS = 2_000_000;

    private final Module module;
    private final Map<Value, Value> copies = new IdentityHashMap<>();
    private final Deque<String> calling = new ArrayDeque<>();
    private int operations;

    private Inliner(Module module) {
        this.module = module;
    }

    /**
     * The body of a function with all calls inlined.
     *
     * @throws ConversionException if functions call themselves, or the result is too large
     */
    static Block inline(Module module, Function function) {
        return new Inliner(module).block(function.body());
    }

    private Block block(Block block) {
        List<Value> arguments = block.arguments().stream().map(this::copy).toList();
        List<Operation> copied = new ArrayList<>();
        append(block, copied);
        return new Block(
                arguments, copied, block.results().stream().map(this::seen).toList());
    }

    private void append(Block block, List<Operation> into) {
        for (Operation operation : block.operations()) {
            if (operation.name().equals(Names.CALL)) {
                call(operation, into);
                continue;
            }
            if (++operations > MOST_OPERATIONS) {
                throw new ConversionException(
                        "The program has more than " + MOST_OPERATIONS + " operations once its calls are replaced");
            }
            List<Value> operands = operation.operands().stream().map(this::seen).toList();
            List<Block> regions = operation.regions().stream().map(this::block).toList();
            into.add(new Operation(
                    operation.name(),
                    operands,
                    operation.results().stream().map(this::copy).toList(),
                    operation.attributes(),
                    operation.annotations(),
                    regions,
                    operation.location()));
        }
    }

    private void call(Operation call, List<Operation> into) {
        String name = call.symbol("callee");
        if (calling.contains(name)) {
            throw new ConversionException("The function @" + name + " calls itself");
        }
        Block body = module.function(name).body();
        if (body.arguments().size() != call.operands().size()
                || body.results().size() != call.results().size()) {
            throw new ConversionException("A call of @" + name + " does not fit the function");
        }
        List<Value> operands = call.operands().stream().map(this::seen).toList();
        for (int i = 0; i < operands.size(); i++) {
            copies.put(body.arguments().get(i), operands.get(i));
        }
        calling.push(name);
        append(body, into);
        calling.pop();
        List<Value> results = body.results().stream().map(this::seen).toList();
        for (int i = 0; i < results.size(); i++) {
            copies.put(call.results().get(i), results.get(i));
        }
    }

    private Value copy(Value value) {
        Value copy = new Value(value.type());
        copies.put(value, copy);
        return copy;
    }

    private Value seen(Value value) {
        Value copy = copies.get(value);
        if (copy == null) {
            throw new ConversionException("The program uses a value before it is computed");
        }
        return copy;
    }
}
