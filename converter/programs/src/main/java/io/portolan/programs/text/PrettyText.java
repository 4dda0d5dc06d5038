package io.portolan.programs.text;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.Quotation;
import io.portolan.programs.stablehlo.Type;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads operations as {@link PrettyForm} describes them. */
final class PrettyText {
    private static final Pattern WIDTHS = Pattern.compile("e(\\d{1,9})m(\\d{1,9})");

    private final TextCursor in;
    private final TypeText types;
    private final AttributeText attributes;
    private final ValueText values;

    PrettyText(TextCursor in, TypeText types, AttributeText attributes, ValueText values) {
        this.in = in;
        this.types = types;
        this.attributes = attributes;
        this.values = values;
    }

    /** Reads what follows the name of an operation. */
    void read(Draft draft) throws ProgramException {
        PrettyForm form = PrettyForm.of(draft.name());
        if (!form.leading().isEmpty()) {
            draft.properties()
                    .put(
                            form.leading(),
                            in.peek() == '"' ? new Attribute.Text(in.string()) : new Attribute.Symbol(in.symbol()));
        }
        int words = 0;
        if (in.take("(")) {
            if (!in.take(")")) {
                words = items(draft, form, words);
                in.expect(")");
            }
        }
        if (in.peek() == '%' || in.isWordNext() && form.hasWords()) {
            items(draft, form, words);
        }
        suffix(draft, form.suffix());
        draft.attributes().putAll(attributes.dictionaryIfNext());
        types(draft, form.types());
    }

    private int items(Draft draft, PrettyForm form, int wordsBefore) throws ProgramException {
        int words = wordsBefore;
        do {
            int from = in.position();
            if (in.peek() == '%') {
                draft.operands().add(values.use());
                continue;
            }
            String word = in.word();
            PrettyForm.Key key = form.keys().get(word);
            if (key != null && in.take("=")) {
                keyed(draft, key);
            } else if (words < form.words().size()) {
                put(draft, form.words().get(words), new Attribute.Keyword(word));
                words++;
            } else {
                throw in.faultAt(from, draft.name() + " has an unknown part " + Quotation.of(word));
            }
        } while (in.take(","));
        return words;
    }

    private void keyed(Draft draft, PrettyForm.Key key) throws ProgramException {
        String attribute = key.attributes().get(0);
        switch (key.notation()) {
            case VALUE -> put(draft, attribute, attributes.value());
            case INTEGER -> put(draft, attribute, new Attribute.Int(in.integer()));
            case WORD -> put(draft, attribute, new Attribute.Keyword(in.word()));
            case WORDS -> put(draft, attribute, attributes.keywords());
            case STRUCTURE -> put(draft, attribute, new Attribute.Entries(attributes.dictionary("<", ">")));
            case DICTIONARY -> put(draft, attribute, new Attribute.Entries(attributes.dictionary("{", "}")));
            case AXES -> put(draft, attribute, ConvolutionText.dimensions(in));
            case PAIR -> {
                put(draft, attribute, attributes.items());
                in.expect("x");
                put(draft, key.attributes().get(1), attributes.items());
            }
            case WIDTHS -> {
                int from = in.position();
                Matcher widths = WIDTHS.matcher(in.word());
                if (!widths.matches()) {
                    throw in.faultAt(from, "expected widths such as e5m10");
                }
                put(draft, attribute, new Attribute.Int(Long.parseLong(widths.group(1))));
                put(draft, key.attributes().get(1), new Attribute.Int(Long.parseLong(widths.group(2))));
            }
        }
    }

    private void put(Draft draft, String name, Attribute value) throws ProgramException {
        if (draft.properties().put(name, value) != null) {
            throw in.fault(draft.name() + " has " + name + " twice");
        }
    }

    private void suffix(Draft draft, PrettyForm.Suffix suffix) throws ProgramException {
        switch (suffix) {
            case NONE -> {}
            case INDEX -> {
                in.expect("[");
                put(draft, "index", new Attribute.Int(in.integer()));
                in.expect("]");
            }
            case RANGES -> {
                List<Long> starts = new ArrayList<>();
                List<Long> limits = new ArrayList<>();
                List<Long> strides = new ArrayList<>();
                in.expect("[");
                if (!in.take("]")) {
                    do {
                        starts.add(in.integer());
                        in.expect(":");
                        limits.add(in.integer());
                        strides.add(in.take(":") ? in.integer() : 1);
                    } while (in.take(","));
                    in.expect("]");
                }
                Map.of("start_indices", starts, "limit_indices", limits, "strides", strides)
                        .forEach((name, list) -> draft.properties().put(name, new Attribute.Ints(list)));
            }
        }
    }

    private void types(Draft draft, PrettyForm.Types meaning) throws ProgramException {
        if (meaning == PrettyForm.Types.EACH && draft.operands().isEmpty()) {
            return;
        }
        in.expect(":");
        if (in.peek() == '(') {
            TypeText.Signature signature = types.signature();
            draft.setTypes(signature.operands(), signature.results(), in);
            return;
        }
        List<Type> listed = types.list();
        if (in.take("->")) {
            draft.setTypes(listed, types.results(), in);
            return;
        }
        int operands = draft.operands().size();
        switch (meaning) {
            case EACH -> draft.setTypes(listed, listed, in);
            case RESULT ->
                draft.setTypes(draft.operands().stream().map(Value::type).toList(), listed, in);
            case SAME -> draft.setTypes(Collections.nCopies(operands, only(listed, draft)), listed, in);
            case SELECT -> {
                if (listed.size() != 2) {
                    throw in.fault(draft.name() + " has " + listed.size() + " types, expected 2");
                }
                Type value = listed.get(1);
                draft.setTypes(List.of(listed.get(0), value, value), List.of(value), in);
            }
        }
    }

    private Type only(List<Type> listed, Draft draft) throws ProgramException {
        if (listed.size() != 1) {
            throw in.fault(draft.name() + " has " + listed.size() + " types, expected one");
        }
        return listed.get(0);
    }
}
