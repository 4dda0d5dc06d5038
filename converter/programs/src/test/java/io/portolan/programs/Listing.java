package io.portolan.programs;

import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.Function;
import io.portolan.programs.stablehlo.Module;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A program as lines, one for each operation, for comparisons in tests. */
public final class Listing {
    private final List<String> lines = new ArrayList<>();
    private final Map<Value, String> names = new HashMap<>();

    private Listing() {}

    /** The lines of a module; values are numbered in the order of their definition. */
    public static List<String> of(Module module) {
        Listing listing = new Listing();
        for (Function function : module.functions().values()) {
            listing.lines.add((function.isPublic() ? "public " : "private ") + function.name() + " "
                    + function.argumentNames() + function.argumentAttributes() + function.resultAttributes());
            listing.add(function.body(), "  ");
        }
        return listing.lines;
    }

    private void add(Block block, String indent) {
        lines.add(indent + "(" + define(block.arguments()) + ")");
        for (Operation operation : block.operations()) {
            String operands = names(operation.operands());
            lines.add(indent + define(operation.results()) + " = " + operation.name() + " " + operands
                    + (operation.attributes().isEmpty() ? "" : " " + operation.attributes())
                    + (operation.annotations().isEmpty() ? "" : " annotations " + operation.annotations())
                    + (operation.location().isEmpty() ? "" : " at " + operation.location()));
            operation.regions().forEach(region -> add(region, indent + "  "));
        }
        lines.add(indent + "return " + names(block.results()));
    }

    private String define(List<Value> values) {
        List<String> defined = new ArrayList<>();
        for (Value value : values) {
            names.put(value, "%" + names.size());
            defined.add(names.get(value) + " " + value.type());
        }
        return String.join(", ", defined);
    }

    private String names(List<Value> values) {
        return String.join(", ", values.stream().map(names::get).toList());
    }
}
