package io.portolan.programs.text;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.OpDefinition;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.Quotation;
import io.portolan.programs.stablehlo.Type;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads operations, in pretty and in generic form, and the regions in them. */
final class OperationText {
    private static final Set<String> RETURNS = Set.of("func.return", "stablehlo.return");

    /** Operations that give what they take: they say where a value is placed, or join dialects. */
    private static final Set<String> IDENTITIES =
            Set.of("sdy.sharding_constraint", "builtin.unrealized_conversion_cast");

    /** Names that need no dialect in front of them. */
    private static final Map<String, String> SHORT_NAMES = Map.of("return", "func.return", "call", "func.call");

    private final TextCursor in;
    private final TypeText types;
    private final AttributeText attributes;
    private final LocationText locations;
    private final ValueText values;
    private final PrettyText pretty;
    private final Map<String, Special> specials;

    /** A pretty form with regions or other peculiarities. */
    private interface Special {
        void read(Draft draft) throws ProgramException;
    }

    OperationText(TextCursor in, TypeText types, AttributeText attributes, LocationText locations) {
        this.in = in;
        this.types = types;
        this.attributes = attributes;
        this.locations = locations;
        this.values = new ValueText(in);
        this.pretty = new PrettyText(in, types, attributes, values);
        RegionForms forms = new RegionForms(in, types, attributes, locations, values, this);
        this.specials = Map.of(
                "stablehlo.constant", this::constant,
                "stablehlo.reduce", forms::reduce,
                "stablehlo.while", forms::whileLoop,
                "sdy.sharding_constraint", this::shardingConstraint);
    }

    /** An argument of a block. */
    record Argument(String name, Value value, String location, int position) {}

    /** Reads {@code %name: type} and a location. */
    Argument argument() throws ProgramException {
        int from = in.position();
        String name = in.suffix("%");
        in.expect(":");
        Value value = new Value(types.type());
        return new Argument(name, value, locations.read(), from);
    }

    /** Reads the operations of a block and the bracket after it. */
    Draft.Region body(List<Argument> arguments) throws ProgramException {
        in.enter();
        int mark = values.open();
        for (Argument argument : arguments) {
            values.define(argument.name, List.of(argument.value), argument.position);
        }
        List<Operation> operations = new ArrayList<>();
        List<Value> results = null;
        while (!in.take("}")) {
            if (results != null || in.peek() == '^') {
                throw in.unexpected("'}': a region of several blocks is not supported,");
            }
            results = operation(operations);
        }
        values.close(mark);
        in.leave();
        Block block = new Block(
                arguments.stream().map(Argument::value).toList(), operations, results == null ? List.of() : results);
        return new Draft.Region(
                block, arguments.stream().map(Argument::location).toList());
    }

    /** Reads an operation; the result is null unless it returns, and then what it returns. */
    private List<Value> operation(List<Operation> operations) throws ProgramException {
        List<ValueText.Definition> definitions = values.definitions();
        Draft draft = draft();
        draft.setLocation(locations.read());
        if (RETURNS.contains(draft.name())) {
            return List.copyOf(draft.operands());
        }
        if (IDENTITIES.contains(draft.name())) {
            forward(draft);
        } else {
            operations.add(draft.build(in));
        }
        values.define(definitions, draft.results());
        return null;
    }

    private void forward(Draft draft) throws ProgramException {
        List<Type> taken = draft.operands().stream().map(Value::type).toList();
        if (!taken.equals(draft.results().stream().map(Value::type).toList())) {
            throw in.faultAt(draft.position(), draft.name() + " changes the type, expected the same");
        }
        draft.setResults(draft.operands());
    }

    /** Reads an operation but for its location. */
    Draft draft() throws ProgramException {
        if (in.peek() == '"') {
            return generic();
        }
        int from = in.position();
        String written = in.word();
        String name = SHORT_NAMES.getOrDefault(written, written);
        Draft draft = new Draft(name, from);
        Special special = specials.get(name);
        if (special != null) {
            special.read(draft);
        } else if (OpDefinition.find(name).isPresent() || RETURNS.contains(name)) {
            pretty.read(draft);
        } else {
            throw in.faultAt(
                    from,
                    "the operation " + Quotation.of(written)
                            + " is unknown; print the program in MLIR's generic form to see whether it can be converted");
        }
        return draft;
    }

    /** Reads {@code "name"(operands) <{properties}> ({regions}) {attributes} : types}. */
    private Draft generic() throws ProgramException {
        int from = in.position();
        Draft draft = new Draft(in.string(), from);
        in.expect("(");
        if (!in.take(")")) {
            do {
                draft.operands().add(values.use());
            } while (in.take(","));
            in.expect(")");
        }
        if (in.peek() == '[') {
            throw in.fault(draft.name() + " continues with other blocks, which is not supported");
        }
        draft.properties().putAll(attributes.propertiesIfNext());
        if (in.take("(")) {
            do {
                draft.regions().add(region());
            } while (in.take(","));
            in.expect(")");
        }
        draft.attributes().putAll(attributes.dictionaryIfNext());
        in.expect(":");
        TypeText.Signature signature = types.signature();
        draft.setTypes(signature.operands(), signature.results(), in);
        return draft;
    }

    /** Reads a region in braces, whose block may name its arguments. */
    private Draft.Region region() throws ProgramException {
        in.expect("{");
        List<Argument> arguments = new ArrayList<>();
        if (in.peek() == '^') {
            in.suffix("^");
            if (in.take("(") && !in.take(")")) {
                do {
                    arguments.add(argument());
                } while (in.take(","));
                in.expect(")");
            }
            in.expect(":");
        }
        return body(arguments);
    }

    private void constant(Draft draft) throws ProgramException {
        draft.attributes().putAll(attributes.dictionaryIfNext());
        Attribute.Tensor value = attributes.tensor();
        draft.properties().put("value", value);
        draft.setTypes(List.of(), List.of(value.elements().type()), in);
    }

    private void shardingConstraint(Draft draft) throws ProgramException {
        draft.operands().add(values.use());
        in.skipBalanced();
        attributes.dictionaryIfNext();
        in.expect(":");
        draft.setResults(List.of(new Value(types.type())));
    }
}
