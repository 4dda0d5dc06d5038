package io.portolan.converter.stablehlo;

import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.Operation;
import java.util.List;

/** The names under which lowerings are registered. */
final class Names {
    static final String CALL = "func.call";
    static final String COMPOSITE = "stablehlo.composite";
    static final String CUSTOM_CALL = "stablehlo.custom_call";

    private Names() {}

    /**
     * The name of the lowering that an operation needs: a composite is lowered under its own name, such as {@code chlo.erf}, if there is
     * such a lowering; a custom call by its target, {@code stablehlo.custom_call @name}.
     */
    static String of(Operation operation, LoweringRegistry registry) {
        return switch (operation.name()) {
            case CUSTOM_CALL -> CUSTOM_CALL + " @" + operation.text("call_target_name", "");
            case COMPOSITE -> {
                String name = operation.text("name", "");
                yield registry.find(name).isPresent() ? name : COMPOSITE;
            }
            default -> operation.name();
        };
    }

    /** The functions that an operation of a lowering runs. */
    static List<String> calledBy(Operation operation, String lowering) {
        return switch (lowering) {
            case CALL -> List.of(operation.symbol("callee"));
            case COMPOSITE -> List.of(operation.symbol("decomposition"));
            default ->
                operation.attributes().get("called_computations") instanceof Attribute.Items items
                        ? items.items().stream()
                                .filter(Attribute.Symbol.class::isInstance)
                                .map(item -> ((Attribute.Symbol) item).name())
                                .toList()
                        : List.of();
        };
    }
}
