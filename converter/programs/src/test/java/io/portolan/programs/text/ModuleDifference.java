package io.portolan.programs.text;

import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.Elements;
import io.portolan.programs.stablehlo.Function;
import io.portolan.programs.stablehlo.Module;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.Value;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Compares modules: functions, operations, how values are connected, types, attributes, and possibly locations. */
public final class ModuleDifference {
    private final boolean withLocations;

    private ModuleDifference(boolean withLocations) {
        this.withLocations = withLocations;
    }

    /** The first difference, locations and attributes without a meaning included; empty if there is none. */
    public static Optional<String> between(Module expected, Module actual) {
        return new ModuleDifference(true).modules(expected, actual);
    }

    /** The first difference in what is computed, in order; empty if there is none. */
    public static Optional<String> inCode(Module expected, Module actual) {
        return new ModuleDifference(false).modules(expected, actual);
    }

    private Optional<String> modules(Module expected, Module actual) {
        try {
            same("name of the module", expected.name(), actual.name());
            attributes("module", expected.attributes(), actual.attributes());
            same(
                    "functions",
                    List.copyOf(expected.functions().keySet()),
                    List.copyOf(actual.functions().keySet()));
            for (String name : expected.functions().keySet()) {
                functions(expected.function(name), actual.function(name));
            }
            return Optional.empty();
        } catch (Found found) {
            return Optional.of(found.getMessage());
        }
    }

    private static final class Found extends RuntimeException {
        private static final long serialVersionUID = 1;

        Found(String message) {
            super(message);
        }
    }

    private static void same(String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new Found(what + ": expected " + expected + ", got " + actual);
        }
    }

    private void functions(Function expected, Function actual) {
        String where = "@" + expected.name();
        same(where + " is public", expected.isPublic(), actual.isPublic());
        if (withLocations) {
            same(where + " names of arguments", expected.argumentNames(), actual.argumentNames());
        }
        same(
                where + " arguments",
                expected.argumentAttributes().size(),
                actual.argumentAttributes().size());
        for (int i = 0; i < expected.argumentAttributes().size(); i++) {
            attributes(
                    where + " argument " + i,
                    expected.argumentAttributes().get(i),
                    actual.argumentAttributes().get(i));
        }
        same(
                where + " results",
                expected.resultAttributes().size(),
                actual.resultAttributes().size());
        for (int i = 0; i < expected.resultAttributes().size(); i++) {
            attributes(
                    where + " result " + i,
                    expected.resultAttributes().get(i),
                    actual.resultAttributes().get(i));
        }
        blocks(where, expected.body(), actual.body(), new IdentityHashMap<>());
    }

    private void blocks(String where, Block expected, Block actual, Map<Value, Value> values) {
        pair(where + " arguments", expected.arguments(), actual.arguments(), values);
        for (int i = 0;
                i < Math.min(expected.operations().size(), actual.operations().size());
                i++) {
            operations(
                    where + " " + i,
                    expected.operations().get(i),
                    actual.operations().get(i),
                    values);
        }
        same(
                where + " operations",
                expected.operations().size(),
                actual.operations().size());
        used(where + " results", expected.results(), actual.results(), values);
    }

    private void operations(String parent, Operation expected, Operation actual, Map<Value, Value> values) {
        String where = parent + " " + expected.name();
        same(where, expected.name(), actual.name());
        used(where + " operands", expected.operands(), actual.operands(), values);
        attributes(where, expected.attributes(), actual.attributes());
        attributes(where + " annotations", expected.annotations(), actual.annotations());
        if (withLocations) {
            same(where + " location", expected.location(), actual.location());
        }
        same(where + " regions", expected.regions().size(), actual.regions().size());
        for (int i = 0; i < expected.regions().size(); i++) {
            blocks(where + " region " + i, expected.region(i), actual.region(i), values);
        }
        pair(where + " results", expected.results(), actual.results(), values);
    }

    private static void pair(String where, List<Value> expected, List<Value> actual, Map<Value, Value> values) {
        same(where, expected.toString(), actual.toString());
        for (int i = 0; i < expected.size(); i++) {
            values.put(expected.get(i), actual.get(i));
        }
    }

    private static void used(String where, List<Value> expected, List<Value> actual, Map<Value, Value> values) {
        same(where, expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            if (values.get(expected.get(i)) != actual.get(i)) {
                throw new Found(where + ": value " + i + " is another one");
            }
        }
    }

    private static void attributes(String where, Map<String, Attribute> expected, Map<String, Attribute> actual) {
        same(where + " attributes", comparable(expected), comparable(actual));
    }

    /** Sorted by name, without opaque ones, whose description depends on the form; a splat equals all its elements. */
    private static Map<String, Object> comparable(Map<String, Attribute> attributes) {
        Map<String, Object> sorted = new TreeMap<>();
        attributes.forEach((name, value) -> {
            if (!(value instanceof Attribute.Opaque)) {
                sorted.put(name, comparable(value));
            }
        });
        return sorted;
    }

    private static Object comparable(Attribute value) {
        if (value instanceof Attribute.Tensor tensor) {
            Elements elements = tensor.elements();
            return List.of(elements.type(), elements.expanded());
        }
        if (value instanceof Attribute.Items list) {
            return list.items().stream().map(ModuleDifference::comparable).toList();
        }
        return value instanceof Attribute.Entries entries ? comparable(entries.byName()) : value;
    }
}
