package io.portolan.programs.text;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Quotation;
import io.portolan.programs.stablehlo.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads values of attributes, and dictionaries of them. */
final class AttributeText {
    /** How many values a program may have, each alias counted with all that it stands for: aliases of aliases grow fast. */
    private static final long MOST_VALUES = 1 << 23;

    private static final String STABLEHLO = "stablehlo";
    private static final String CONVOLUTION = "stablehlo.conv";

    /** Attributes that are dictionaries in pointed brackets. */
    private static final Set<String> STRUCTURES = Set.of(
            "stablehlo.gather",
            "stablehlo.scatter",
            "stablehlo.dot",
            "stablehlo.dot_algorithm",
            "stablehlo.channel_handle",
            "stablehlo.output_operand_alias");

    private final TextCursor in;
    private final Aliases aliases;
    private final TypeText types;
    private final ElementsText elements;
    private final Map<String, Expansion> expansions = new HashMap<>();
    private final Set<String> open = new HashSet<>();
    private long count;

    private record Expansion(Attribute value, long count, int depth) {}

    AttributeText(TextCursor in, Aliases aliases, TypeText types) {
        this.in = in;
        this.aliases = aliases;
        this.types = types;
        this.elements = new ElementsText(in, types);
    }

    /** {@code {name = value, name, "any name" = value}} if it is next, otherwise nothing. */
    Map<String, Attribute> dictionaryIfNext() throws ProgramException {
        return in.peek() == '{' ? dictionary("{", "}") : Map.of();
    }

    /** {@code <{name = value}>} if it is next, otherwise nothing. */
    Map<String, Attribute> propertiesIfNext() throws ProgramException {
        if (!in.take("<{")) {
            return Map.of();
        }
        Map<String, Attribute> properties = entries("}");
        in.expect(">");
        return properties;
    }

    /** Names and values between brackets. */
    Map<String, Attribute> dictionary(String opening, String closing) throws ProgramException {
        in.expect(opening);
        return entries(closing);
    }

    private Map<String, Attribute> entries(String closing) throws ProgramException {
        in.enter();
        Map<String, Attribute> entries = new LinkedHashMap<>();
        if (!in.take(closing)) {
            do {
                int from = in.position();
                String name = in.peek() == '"' ? in.string() : in.word();
                Attribute value = in.take("=") ? value() : new Attribute.Unit();
                if (entries.put(name, value) != null) {
                    throw in.faultAt(from, "a dictionary has " + Quotation.of(name) + " twice");
                }
            } while (in.take(","));
            in.expect(closing);
        }
        in.leave();
        return entries;
    }

    /** A value. */
    Attribute value() throws ProgramException {
        charge(1);
        return switch (in.peek()) {
            case '"' -> new Attribute.Text(in.string());
            case '@' -> symbol();
            case '#' -> hash();
            case '[' -> items();
            case '{' -> new Attribute.Entries(dictionary("{", "}"));
            case '(' -> {
                types.signature();
                yield new Attribute.Opaque("the type of a function");
            }
            case '!' -> new Attribute.OfType(types.type());
            default -> in.isWordNext() ? word() : number();
        };
    }

    private void charge(long more) throws ProgramException {
        count += more;
        if (count > MOST_VALUES) {
            throw in.fault("the attributes have more than " + MOST_VALUES + " values in all");
        }
    }

    private Attribute symbol() throws ProgramException {
        String name = in.symbol();
        if (!in.take("::")) {
            return new Attribute.Symbol(name);
        }
        do {
            in.symbol();
        } while (in.take("::"));
        return new Attribute.Opaque("a nested symbol");
    }

    /** {@code [value, value]}. */
    Attribute.Items items() throws ProgramException {
        in.enter();
        in.expect("[");
        List<Attribute> items = new ArrayList<>();
        if (!in.take("]")) {
            do {
                items.add(value());
            } while (in.take(","));
            in.expect("]");
        }
        in.leave();
        return new Attribute.Items(items);
    }

    private Attribute word() throws ProgramException {
        if (in.takeWord("dense")) {
            return new Attribute.Tensor(elements.dense());
        }
        if (in.takeWord("array")) {
            return new Attribute.Tensor(elements.array());
        }
        if (in.takeWord("true")) {
            return new Attribute.Bool(true);
        }
        if (in.takeWord("false")) {
            return new Attribute.Bool(false);
        }
        if (in.takeWord("unit")) {
            return new Attribute.Unit();
        }
        if (in.takeWord("dense_resource")) {
            throw in.fault("a constant was left out when the text was printed; print it with all elements");
        }
        for (String skipped : List.of("loc", "affine_map", "affine_set", "distinct", "sparse")) {
            if (in.takeWord(skipped)) {
                in.skipBalanced();
                return new Attribute.Opaque(skipped);
            }
        }
        Optional<ElementType> element = types.element();
        return new Attribute.OfType(element.isPresent() ? TensorType.of(element.get()) : types.type());
    }

    /** A number and its type; without one, an integer has 64 bits and another number is an f64. */
    private Attribute number() throws ProgramException {
        int from = in.position();
        String number = in.number();
        boolean isReal = number.indexOf('.') >= 0;
        ElementType type = isReal ? ElementType.F64 : ElementType.I64;
        if (in.take(":")) {
            type = types.element().orElseThrow(() -> in.unexpected("the type of a number"));
        }
        try {
            long bits = NumberText.bits(number, type);
            if (type.isFloat()) {
                return new Attribute.Real(bits, type);
            }
            if (type == ElementType.I1) {
                return new Attribute.Bool(bits != 0);
            }
            int unused = Long.SIZE - type.bits();
            boolean isSigned = type.kind() == ElementType.Kind.SIGNED;
            return new Attribute.Int(isSigned ? bits << unused >> unused : bits, type);
        } catch (IllegalArgumentException refused) {
            throw in.faultAt(from, refused.getMessage());
        }
    }

    /** An attribute of a dialect, or a name for one. */
    private Attribute hash() throws ProgramException {
        in.expect("#");
        String name = in.word();
        if (name.equals(STABLEHLO) || name.equals("chlo")) {
            return keyword();
        }
        if (in.peek() == '<' && STRUCTURES.contains(name)) {
            return structure();
        }
        if (in.peek() == '<' && name.equals(CONVOLUTION)) {
            return convolution();
        }
        if (in.peek() == '<' || name.indexOf('.') >= 0 && aliases.find(name).isEmpty()) {
            if (in.peek() == '<') {
                in.skipBalanced();
            }
            return new Attribute.Opaque("#" + name);
        }
        return alias(name);
    }

    /** A dictionary whose lists hold integers. */
    private Attribute structure() throws ProgramException {
        Map<String, Attribute> entries = dictionary("<", ">");
        entries.replaceAll((key, value) ->
                value instanceof Attribute.Items list && list.items().stream().allMatch(Attribute.Int.class::isInstance)
                        ? new Attribute.Ints(list.items().stream()
                                .map(item -> ((Attribute.Int) item).value())
                                .toList())
                        : value);
        return new Attribute.Entries(entries);
    }

    /** {@code <precision HIGHEST>}: what it is, and a word. */
    private Attribute keyword() throws ProgramException {
        in.expect("<");
        in.word();
        Attribute word = new Attribute.Keyword(in.word());
        in.expect(">");
        return word;
    }

    private Attribute convolution() throws ProgramException {
        in.expect("<");
        if (in.takeWord("raw")) {
            return new Attribute.Entries(entries(">"));
        }
        Attribute.Entries dimensions = ConvolutionText.dimensions(in);
        in.expect(">");
        return dimensions;
    }

    private Attribute alias(String name) throws ProgramException {
        Expansion known = expansions.get(name);
        if (known == null) {
            int position = aliases.find(name)
                    .orElseThrow(() -> in.fault("the attribute " + Quotation.of("#" + name) + " is not defined"));
            if (!open.add(name)) {
                throw in.fault("the attribute " + Quotation.of("#" + name) + " is defined by itself");
            }
            in.enter();
            int back = in.position();
            long before = count;
            in.moveTo(position);
            int outside = in.startMeasure();
            Attribute value = value();
            known = new Expansion(value, count - before, in.endMeasure(outside));
            expansions.put(name, known);
            in.moveTo(back);
            in.leave();
            open.remove(name);
        } else {
            charge(known.count);
            in.requireDepth(known.depth);
        }
        return known.value;
    }

    /** Words in a list: {@code [DEFAULT, HIGHEST]}. */
    Attribute.Items keywords() throws ProgramException {
        in.expect("[");
        List<Attribute> words = new ArrayList<>();
        if (!in.take("]")) {
            do {
                words.add(new Attribute.Keyword(in.word()));
            } while (in.take(","));
            in.expect("]");
        }
        return new Attribute.Items(words);
    }

    /** The elements and the type of a constant. */
    Attribute.Tensor tensor() throws ProgramException {
        if (value() instanceof Attribute.Tensor tensor) {
            return tensor;
        }
        throw in.fault("expected dense elements");
    }
}
