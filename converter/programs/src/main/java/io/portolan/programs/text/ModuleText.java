package io.portolan.programs.text;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.Function;
import io.portolan.programs.stablehlo.Module;
import io.portolan.programs.stablehlo.Quotation;
import io.portolan.programs.stablehlo.Type;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a module and its functions. */
final class ModuleText {
    private static final String NAME = "sym_name";
    private static final String VISIBILITY = "sym_visibility";
    private static final String PRIVATE = "private";

    private final TextCursor in;
    private final TypeText types;
    private final AttributeText attributes;
    private final LocationText locations;
    private final OperationText operations;
    private final Map<String, Function> functions = new LinkedHashMap<>();

    ModuleText(byte[] text) {
        Aliases aliases = new Aliases(text);
        in = new TextCursor(text);
        types = new TypeText(in);
        attributes = new AttributeText(in, aliases, types);
        locations = new LocationText(in, aliases);
        operations = new OperationText(in, types, attributes, locations);
    }

    /** Reads all of the text. */
    Module read() throws ProgramException {
        skipDefinitions();
        Module module = module();
        skipDefinitions();
        if (!in.isAtEnd()) {
            throw in.unexpected("the end of the program");
        }
        return module;
    }

    /** Lines that give names to attributes were found before, and blobs of resources are not used. */
    private void skipDefinitions() throws ProgramException {
        while (in.peek() == '#' || in.peek() == '{') {
            if (in.peek() == '#') {
                in.skipLine();
            } else {
                in.skipBalanced();
            }
        }
    }

    private Module module() throws ProgramException {
        if (in.takeWord("module") || in.takeWord("builtin.module")) {
            String name = in.peek() == '@' ? in.symbol() : "";
            Map<String, Attribute> found = in.takeWord("attributes") ? attributes.dictionaryIfNext() : Map.of();
            in.expect("{");
            functions("}");
            locations.read();
            return new Module(name, found, functions);
        }
        if (in.take("\"builtin.module\"")) {
            return genericModule();
        }
        functions("");
        if (functions.isEmpty()) {
            throw in.unexpected("a module or a function");
        }
        return new Module("", Map.of(), functions);
    }

    private Module genericModule() throws ProgramException {
        in.expect("(");
        in.expect(")");
        Map<String, Attribute> found = new LinkedHashMap<>(attributes.propertiesIfNext());
        in.expect("(");
        in.expect("{");
        if (in.peek() == '^') {
            in.suffix("^");
            in.expect(":");
        }
        functions("}");
        in.expect(")");
        found.putAll(attributes.dictionaryIfNext());
        in.expect(":");
        types.signature();
        locations.read();
        String name = text(found.remove(NAME));
        found.remove(VISIBILITY);
        return new Module(name, found, functions);
    }

    /** Reads functions up to a bracket, or up to the end or a line that gives a name to an attribute. */
    private void functions(String closing) throws ProgramException {
        while (closing.isEmpty() ? !in.isAtEnd() && in.peek() != '#' : !in.take(closing)) {
            int from = in.position();
            if (in.take("\"func.func\"")) {
                in.moveTo(from);
                Draft draft = operations.draft();
                add(genericFunction(draft), from);
                locations.read();
            } else if (in.takeWord("func.func")) {
                add(function(), from);
            } else if (in.takeWord("sdy.mesh")) {
                in.symbol();
                in.expect("=");
                in.skipBalanced();
                if (in.peek() == '{') {
                    in.skipBalanced();
                }
                locations.read();
            } else if (in.take("\"sdy.mesh\"")) {
                in.moveTo(from);
                operations.draft();
                locations.read();
            } else {
                throw in.unexpected("a function");
            }
        }
    }

    private void add(Function function, int from) throws ProgramException {
        if (functions.put(function.name(), function) != null) {
            throw in.faultAt(from, "the function " + Quotation.of(function.name()) + " is there twice");
        }
    }

    /** {@code public @main(%a: T {…} loc(…)) -> (U {…}) attributes {…} {…}}. */
    private Function function() throws ProgramException {
        int from = in.position();
        boolean isPrivate = in.takeWord(PRIVATE);
        if (!isPrivate && !in.takeWord("public")) {
            in.takeWord("nested");
        }
        String name = in.symbol();
        List<OperationText.Argument> arguments = new ArrayList<>();
        List<Map<String, Attribute>> argumentAttributes = new ArrayList<>();
        in.expect("(");
        if (!in.take(")")) {
            do {
                int position = in.position();
                String argument = in.suffix("%");
                in.expect(":");
                Value value = new Value(types.type());
                argumentAttributes.add(attributes.dictionaryIfNext());
                arguments.add(new OperationText.Argument(argument, value, locations.read(), position));
            } while (in.take(","));
            in.expect(")");
        }
        List<Type> results = new ArrayList<>();
        List<Map<String, Attribute>> resultAttributes = new ArrayList<>();
        if (in.take("->")) {
            results(results, resultAttributes);
        }
        if (in.takeWord("attributes")) {
            attributes.dictionaryIfNext();
        }
        if (in.peek() != '{') {
            throw in.fault("the function " + Quotation.of(name) + " has no body");
        }
        in.expect("{");
        Draft.Region region = operations.body(arguments);
        locations.read();
        return checked(name, !isPrivate, region, argumentAttributes, results, resultAttributes, from);
    }

    private void results(List<Type> results, List<Map<String, Attribute>> resultAttributes) throws ProgramException {
        if (!in.take("(")) {
            results.add(types.type());
            resultAttributes.add(Map.of());
            return;
        }
        if (!in.take(")")) {
            do {
                results.add(types.type());
                resultAttributes.add(attributes.dictionaryIfNext());
            } while (in.take(","));
            in.expect(")");
        }
    }

    private Function genericFunction(Draft draft) throws ProgramException {
        Map<String, Attribute> found = new LinkedHashMap<>(draft.attributes());
        found.putAll(draft.properties());
        String name = text(found.get(NAME));
        if (draft.regions().size() != 1) {
            throw in.faultAt(draft.position(), "the function " + Quotation.of(name) + " has no body");
        }
        Draft.Region region = draft.regions().get(0);
        return checked(
                name,
                !text(found.get(VISIBILITY)).equals(PRIVATE),
                region,
                dictionaries(found.get("arg_attrs"), region.block().arguments().size(), draft),
                region.block().results().stream().map(Value::type).toList(),
                dictionaries(found.get("res_attrs"), region.block().results().size(), draft),
                draft.position());
    }

    private Function checked(
            String name,
            boolean isPublic,
            Draft.Region region,
            List<Map<String, Attribute>> argumentAttributes,
            List<Type> results,
            List<Map<String, Attribute>> resultAttributes,
            int from)
            throws ProgramException {
        List<Type> returned = region.block().results().stream().map(Value::type).toList();
        if (!returned.equals(results)) {
            throw in.faultAt(
                    from, "the function " + Quotation.of(name) + " returns " + returned + ", its type says " + results);
        }
        return new Function(
                name, isPublic, region.block(), argumentAttributes, resultAttributes, region.argumentNames());
    }

    private List<Map<String, Attribute>> dictionaries(Attribute value, int count, Draft draft) throws ProgramException {
        List<Attribute> items = value instanceof Attribute.Items list ? list.items() : List.of();
        if (items.isEmpty()) {
            return Collections.nCopies(count, Map.of());
        }
        if (items.size() != count || !items.stream().allMatch(Attribute.Entries.class::isInstance)) {
            throw in.faultAt(
                    draft.position(),
                    "a function has attributes of " + items.size() + " arguments or results, expected " + count
                            + " dictionaries");
        }
        return items.stream().map(item -> ((Attribute.Entries) item).byName()).toList();
    }

    private static String text(Attribute value) {
        return value instanceof Attribute.Text text ? text.value() : "";
    }
}
