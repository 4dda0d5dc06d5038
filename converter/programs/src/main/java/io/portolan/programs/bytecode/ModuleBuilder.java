package io.portolan.programs.bytecode;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.Function;
import io.portolan.programs.stablehlo.Module;
import io.portolan.programs.stablehlo.Quotation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects the functions of a module. */
final class ModuleBuilder {
    /** What a function has, in the order of its record of properties. */
    private static final List<String> FUNCTION_PROPERTIES =
            List.of("arg_attrs", "function_type", "res_attrs", "sym_name", "sym_visibility");

    private static final String NAME = "sym_name";
    private static final String VISIBILITY = "sym_visibility";

    private final Pool pool;
    private final Map<String, Function> functions = new LinkedHashMap<>();
    private final Map<String, Attribute> attributes = new LinkedHashMap<>();
    private String name = "";

    ModuleBuilder(Pool pool) {
        this.pool = pool;
    }

    /** Takes the name and the attributes of the module. */
    void setModule(OpHeader header) throws ProgramException {
        attributes.putAll(header.dictionary());
        if (header.properties().isPresent()) {
            ByteCursor record = header.properties().get().copy();
            for (String property : List.of(NAME, VISIBILITY)) {
                long entry = record.varint();
                if ((entry & 1) != 0) {
                    int index = record.checkedIndex(entry >>> 1, pool.attributeCount(), "attribute");
                    attributes.put(property, pool.attribute(index));
                }
            }
            record.requireEnd("the record of properties of the module");
        }
        name = text(attributes.remove(NAME), header);
        attributes.remove(VISIBILITY);
    }

    /** Takes a function. */
    void addFunction(OpHeader header, List<Block> regions, List<String> argumentNames) throws ProgramException {
        Map<String, Attribute> properties = properties(header);
        String function = text(properties.get(NAME), header);
        if (regions.size() != 1) {
            throw header.fault("function " + Quotation.of(function) + " has no body");
        }
        Block body = regions.get(0);
        Function made = new Function(
                function,
                !text(properties.get(VISIBILITY), header).equals("private"),
                body,
                dictionaries(properties.get("arg_attrs"), body.arguments().size(), header),
                dictionaries(properties.get("res_attrs"), body.results().size(), header),
                argumentNames);
        if (functions.put(function, made) != null) {
            throw header.fault("function " + Quotation.of(function) + " is there twice");
        }
    }

    private Map<String, Attribute> properties(OpHeader header) throws ProgramException {
        if (header.properties().isEmpty()) {
            return header.dictionary();
        }
        ByteCursor record = header.properties().get().copy();
        Map<String, Attribute> properties = new LinkedHashMap<>();
        for (String property : FUNCTION_PROPERTIES) {
            int index = record.index(pool.attributeCount(), "attribute");
            properties.put(property, pool.attribute(index));
        }
        record.requireEnd("the record of properties of a function");
        return properties;
    }

    private static String text(Attribute value, OpHeader header) throws ProgramException {
        if (value == null) {
            return "";
        }
        if (value instanceof Attribute.Text text) {
            return text.value();
        }
        throw header.fault("a name is of kind " + value.getClass().getSimpleName() + ", expected a text");
    }

    private static List<Map<String, Attribute>> dictionaries(Attribute value, int count, OpHeader header)
            throws ProgramException {
        List<Attribute> items = value instanceof Attribute.Items list ? list.items() : List.of();
        if (items.isEmpty()) {
            return Collections.nCopies(count, Map.of());
        }
        if (items.size() != count || !items.stream().allMatch(Attribute.Entries.class::isInstance)) {
            throw header.fault("a function has attributes of " + items.size() + " arguments or results, expected "
                    + count + " dictionaries");
        }
        return items.stream().map(item -> ((Attribute.Entries) item).byName()).toList();
    }

    Module build() {
        return new Module(name, attributes, functions);
    }
}
