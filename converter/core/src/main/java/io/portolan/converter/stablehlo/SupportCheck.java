package io.portolan.converter.stablehlo;

import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.Module;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.TensorType;
import io.portolan.programs.stablehlo.Type;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Checks that every operation which the function {@code main} can reach has a lowering. */
final class SupportCheck {
    private final Module module;
    private final LoweringRegistry registry;
    private final Map<String, List<String>> refused = new TreeMap<>();
    private final Deque<Block> waiting = new ArrayDeque<>();
    private final Set<String> seen = new HashSet<>();

    private SupportCheck(Module module, LoweringRegistry registry) {
        this.module = module;
        this.registry = registry;
    }

    /** @throws RefusedOperationsException with all operations that have none */
    static void require(Module module, LoweringRegistry registry) {
        SupportCheck check = new SupportCheck(module, registry);
        check.reach(Module.MAIN);
        while (!check.waiting.isEmpty()) {
            check.block(check.waiting.pop());
        }
        if (!check.refused.isEmpty()) {
            throw new RefusedOperationsException(check.refused);
        }
    }

    private void reach(String function) {
        if (seen.add(function)) {
            waiting.push(module.function(function).body());
        }
    }

    private void block(Block block) {
        block.operations().forEach(this::operation);
    }

    private void operation(Operation operation) {
        String key = Names.of(operation, registry);
        if (registry.find(key).isEmpty()) {
            refused.computeIfAbsent(key, none -> new ArrayList<>()).add(operation.location());
            return;
        }
        Stream.concat(operation.operands().stream(), operation.results().stream())
                .map(Value::type)
                .filter(type -> !isSupported(type))
                .forEach(type -> refused.computeIfAbsent(operation.name() + " of " + type, none -> new ArrayList<>())
                        .add(operation.location()));
        operation.regions().forEach(waiting::push);
        Names.calledBy(operation, key).forEach(this::reach);
    }

    private static boolean isSupported(Type type) {
        return !(type instanceof TensorType tensor) || ElementTypes.isSupported(tensor.element());
    }
}
