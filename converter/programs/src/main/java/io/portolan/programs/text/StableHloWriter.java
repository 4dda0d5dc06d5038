package io.portolan.programs.text;

import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.Function;
import io.portolan.programs.stablehlo.Module;
import io.portolan.programs.stablehlo.OpDefinition;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.Type;
import io.portolan.programs.stablehlo.Value;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes programs as StableHLO text that every version of MLIR since 2023 reads, TensorFlow's of 2024 among them: every operation in
 * generic form, the names of values unique, without locations, without attributes that have their default value, that are opaque, or
 * that are hints about accuracy.
 */
public final class StableHloWriter {
    private static final String INDENTATION = "  ";

    private final StringBuilder out = new StringBuilder();
    private final Map<Value, String> names = new IdentityHashMap<>();
    private int next;

    private StableHloWriter() {}

    /**
     * Writes a module.
     *
     * @throws IllegalArgumentException if an operation uses a value that is not defined before it
     */
    public static String write(Module module) {
        StableHloWriter writer = new StableHloWriter();
        writer.module(module);
        return writer.out.toString();
    }

    private void module(Module module) {
        Map<String, Attribute> properties = new LinkedHashMap<>();
        if (!module.name().isEmpty()) {
            properties.put("sym_name", new Attribute.Text(module.name()));
        }
        out.append("\"builtin.module\"()");
        properties(properties);
        out.append(" ({\n");
        module.functions().values().forEach(this::function);
        out.append("})");
        AttributeWriter.dictionaryIfAny(" ", module.attributes(), out);
        out.append(" : () -> ()\n");
    }

    private void properties(Map<String, Attribute> properties) {
        if (!properties.isEmpty()) {
            out.append(" <");
            AttributeWriter.dictionary(properties, out);
            out.append('>');
        }
    }

    private void function(Function function) {
        List<Value> arguments = function.body().arguments();
        List<Value> results = function.body().results();
        out.append(INDENTATION).append("\"func.func\"() <{");
        dictionaries("arg_attrs", function.argumentAttributes());
        out.append("function_type = ").append(types(arguments)).append(" -> ").append(types(results));
        out.append(", ");
        dictionaries("res_attrs", function.resultAttributes());
        out.append("sym_name = ");
        AttributeWriter.text(function.name(), out);
        out.append(", sym_visibility = \"")
                .append(function.isPublic() ? "public" : "private")
                .append("\"}> (");
        region(function.body(), "func.return", INDENTATION);
        out.append(") : () -> ()\n");
    }

    private void dictionaries(String name, List<Map<String, Attribute>> dictionaries) {
        if (dictionaries.stream().anyMatch(each -> !each.isEmpty())) {
            out.append(name).append(" = [");
            for (Iterator<Map<String, Attribute>> each = dictionaries.iterator(); each.hasNext(); ) {
                AttributeWriter.dictionary(each.next(), out);
                out.append(each.hasNext() ? ", " : "");
            }
            out.append("], ");
        }
    }

    private void region(Block block, String terminator, String indentation) {
        out.append("{\n");
        if (!block.arguments().isEmpty()) {
            out.append(indentation).append("^bb0(");
            for (Iterator<Value> arguments = block.arguments().iterator(); arguments.hasNext(); ) {
                Value argument = arguments.next();
                names.put(argument, "%v" + next);
                out.append("%v").append(next).append(": ").append(argument.type());
                out.append(arguments.hasNext() ? ", " : "):\n");
                next++;
            }
        }
        String inner = indentation + INDENTATION;
        for (Operation operation : block.operations()) {
            operation(operation, inner);
        }
        out.append(inner).append('"').append(terminator).append("\"(");
        uses(block.results());
        out.append(") : ").append(types(block.results())).append(" -> ()\n");
        out.append(indentation).append('}');
    }

    private void operation(Operation operation, String indentation) {
        out.append(indentation);
        if (!operation.results().isEmpty()) {
            int count = operation.results().size();
            out.append("%v").append(next).append(count == 1 ? "" : ":" + count).append(" = ");
        }
        out.append('"').append(operation.name()).append("\"(");
        uses(operation.operands());
        out.append(')');
        Map<String, Attribute> others = new LinkedHashMap<>(operation.annotations());
        Optional<OpDefinition> definition = operation.definition();
        definition.ifPresentOrElse(
                row -> PropertyWriter.properties(operation, row, out), () -> others.putAll(operation.attributes()));
        int mine = next++;
        if (!operation.regions().isEmpty()) {
            out.append(" (");
            for (Iterator<Block> regions = operation.regions().iterator(); regions.hasNext(); ) {
                region(regions.next(), "stablehlo.return", indentation);
                out.append(regions.hasNext() ? ", " : ")");
            }
        }
        AttributeWriter.dictionaryIfAny(" ", others, out);
        out.append(" : ")
                .append(types(operation.operands()))
                .append(" -> ")
                .append(operation.results().size() == 1 ? operation.result().type() : types(operation.results()))
                .append('\n');
        for (int i = 0; i < operation.results().size(); i++) {
            String name = operation.results().size() == 1 ? "%v" + mine : "%v" + mine + "#" + i;
            names.put(operation.results().get(i), name);
        }
    }

    private void uses(List<Value> values) {
        for (Iterator<Value> each = values.iterator(); each.hasNext(); ) {
            String name = names.get(each.next());
            if (name == null) {
                throw new IllegalArgumentException("a value is used before it is defined");
            }
            out.append(name).append(each.hasNext() ? ", " : "");
        }
    }

    private static String types(List<Value> values) {
        return values.stream().map(Value::type).map(Type::toString).collect(Collectors.joining(", ", "(", ")"));
    }
}
