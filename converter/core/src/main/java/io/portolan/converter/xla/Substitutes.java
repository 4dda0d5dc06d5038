package io.portolan.converter.xla;

import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Elements;
import io.portolan.programs.stablehlo.Function;
import io.portolan.programs.stablehlo.Module;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.TensorType;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Replaces the few operations that TensorFlow's XLA does not know, or that end the process, where others say the same: squares, numbers
 * of devices and placements on them, and collectives of one device.
 */
final class Substitutes {
    private static final Set<String> NUMBERS = Set.of("stablehlo.partition_id", "stablehlo.replica_id");
    private static final Set<String> COLLECTIVES =
            Set.of("stablehlo.all_reduce", "stablehlo.all_gather", "stablehlo.all_to_all", "stablehlo.reduce_scatter");
    private static final String PLACEMENT = "annotate_device_placement";

    private final Map<Value, Value> replaced = new IdentityHashMap<>();

    private Substitutes() {}

    /** The module with substitutes. */
    static Module in(Module module) {
        Map<String, Function> functions = new LinkedHashMap<>();
        module.functions()
                .forEach((name, function) -> functions.put(
                        name,
                        new Function(
                                name,
                                function.isPublic(),
                                new Substitutes().block(function.body()),
                                function.argumentAttributes(),
                                function.resultAttributes(),
                                function.argumentNames())));
        return new Module(module.name(), module.attributes(), functions);
    }

    private Block block(Block block) {
        List<Operation> operations = new ArrayList<>();
        for (Operation operation : block.operations()) {
            Optional<Value> same = same(operation);
            if (same.isPresent()) {
                replaced.put(operation.result(), same.get());
            } else {
                operations.add(operation(operation));
            }
        }
        return new Block(block.arguments(), operations, values(block.results()));
    }

    /** The operand that the only result is equal to. */
    private Optional<Value> same(Operation operation) {
        boolean isSame = operation.operands().size() == 1
                && operation.results().size() == 1
                && operation.operand(0).type().equals(operation.result().type())
                && (COLLECTIVES.contains(operation.name()) && isAlone(operation)
                        || operation.name().equals("chlo.conj")
                                && !operation.result().tensor().element().isComplex()
                        || operation.name().equals("stablehlo.custom_call")
                                && operation.text("call_target_name", "").equals(PLACEMENT));
        return isSame ? Optional.of(values(operation.operands()).get(0)) : Optional.empty();
    }

    /** Whether every group of devices is one. */
    private static boolean isAlone(Operation operation) {
        TensorType groups = operation.elements("replica_groups").type();
        return groups.rank() == 2 && groups.dim(1) == 1;
    }

    private Operation operation(Operation operation) {
        List<Value> operands = values(operation.operands());
        if (operation.name().equals("chlo.square")) {
            return new Operation(
                    "stablehlo.multiply",
                    List.of(operands.get(0), operands.get(0)),
                    operation.results(),
                    Map.of(),
                    Map.of(),
                    List.of(),
                    operation.location());
        }
        if (NUMBERS.contains(operation.name())) {
            Elements zero = Elements.ofLongs(TensorType.of(ElementType.UI32), 0);
            return new Operation(
                    "stablehlo.constant",
                    List.of(),
                    operation.results(),
                    Map.of("value", new Attribute.Tensor(zero)),
                    Map.of(),
                    List.of(),
                    operation.location());
        }
        return new Operation(
                operation.name(),
                operands,
                operation.results(),
                operation.attributes(),
                operation.annotations(),
                operation.regions().stream().map(this::block).toList(),
                operation.location());
    }

    private List<Value> values(List<Value> values) {
        return values.stream().map(value -> replaced.getOrDefault(value, value)).toList();
    }
}
