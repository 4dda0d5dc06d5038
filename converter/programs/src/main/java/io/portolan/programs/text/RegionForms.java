package io.portolan.programs.text;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.TensorType;
import io.portolan.programs.stablehlo.Type;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads the pretty forms of operations with regions. */
final class RegionForms {
    private final TextCursor in;
    private final TypeText types;
    private final AttributeText attributes;
    private final LocationText locations;
    private final ValueText values;
    private final OperationText operations;

    RegionForms(
            TextCursor in,
            TypeText types,
            AttributeText attributes,
            LocationText locations,
            ValueText values,
            OperationText operations) {
        this.in = in;
        this.types = types;
        this.attributes = attributes;
        this.locations = locations;
        this.values = values;
        this.operations = operations;
    }

    /**
     * {@code (%x init: %a), (%y init: %b) across dimensions = [1] : types reducer(%l: T, %r: T) (%l2: U, %r2: U) {…}}, whose block takes
     * all on the left, then all on the right; or {@code (%x init: %a) applies operation across dimensions = [1] : types}.
     */
    void reduce(Draft draft) throws ProgramException {
        List<Value> inits = new ArrayList<>();
        do {
            in.expect("(");
            draft.operands().add(values.use());
            in.expect("init");
            in.expect(":");
            inits.add(values.use());
            in.expect(")");
        } while (in.take(","));
        draft.operands().addAll(inits);
        String applied = in.takeWord("applies") ? in.word() : "";
        in.expect("across");
        in.expect("dimensions");
        in.expect("=");
        draft.properties().put("dimensions", attributes.items());
        draft.attributes().putAll(attributes.dictionaryIfNext());
        in.expect(":");
        TypeText.Signature signature = types.signature();
        draft.setTypes(signature.operands(), signature.results(), in);
        draft.setLocation(locations.read());
        if (applied.isEmpty()) {
            reducer(draft);
        } else {
            draft.setLocation(locations.read());
            draft.regions().add(applied(draft, applied, inits));
        }
    }

    private void reducer(Draft draft) throws ProgramException {
        in.expect("reducer");
        List<OperationText.Argument> left = new ArrayList<>();
        List<OperationText.Argument> right = new ArrayList<>();
        do {
            in.expect("(");
            left.add(operations.argument());
            in.expect(",");
            right.add(operations.argument());
            in.expect(")");
        } while (in.peek() == '(');
        in.expect("{");
        draft.regions()
                .add(operations.body(
                        Stream.concat(left.stream(), right.stream()).toList()));
    }

    /** A region of one operation of two operands. */
    private Draft.Region applied(Draft draft, String name, List<Value> inits) throws ProgramException {
        if (inits.size() != 1 || !(inits.get(0).type() instanceof TensorType init)) {
            throw in.faultAt(draft.position(), "expected one operand that a single operation is applied to");
        }
        Value left = new Value(init);
        Value right = new Value(init);
        Draft inner = new Draft(name, draft.position());
        inner.operands().addAll(List.of(left, right));
        inner.setResults(List.of(new Value(init)));
        inner.setLocation(draft.location());
        Operation operation = inner.build(in);
        Block block = new Block(List.of(left, right), List.of(operation), operation.results());
        return new Draft.Region(block, List.of("", ""));
    }

    /** {@code (%i = %a, %x = %b) : T, U attributes {…} cond {…} do {…}}: the names are arguments of both regions. */
    void whileLoop(Draft draft) throws ProgramException {
        List<String> names = new ArrayList<>();
        List<Integer> positions = new ArrayList<>();
        in.expect("(");
        if (!in.take(")")) {
            do {
                positions.add(in.position());
                names.add(in.suffix("%"));
                in.expect("=");
                draft.operands().add(values.use());
            } while (in.take(","));
            in.expect(")");
        }
        List<Type> carried = names.isEmpty() ? List.of() : carried();
        draft.setTypes(carried, carried, in);
        if (in.takeWord("attributes")) {
            draft.attributes().putAll(attributes.dictionaryIfNext());
        }
        for (String word : List.of("cond", "do")) {
            in.expect(word);
            in.expect("{");
            List<OperationText.Argument> arguments = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                arguments.add(
                        new OperationText.Argument(names.get(i), new Value(carried.get(i)), "", positions.get(i)));
            }
            draft.regions().add(operations.body(arguments));
        }
    }

    private List<Type> carried() throws ProgramException {
        in.expect(":");
        return types.list();
    }
}
