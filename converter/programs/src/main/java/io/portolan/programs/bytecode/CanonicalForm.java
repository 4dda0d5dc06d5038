package io.portolan.programs.bytecode;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.AttributeDefinition;
import io.portolan.programs.stablehlo.Elements;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Attributes as VHLO stores them, in the form that {@link AttributeDefinition} declares. */
final class CanonicalForm {
    private static final int MOST_NUMBERS = 256;

    private CanonicalForm() {}

    /**
     * The value in the declared form; empty if it says that there is none.
     *
     * @param header the operation that has it
     */
    static Optional<Attribute> of(AttributeDefinition definition, Attribute value, OpHeader header)
            throws ProgramException {
        if (definition.kind() == AttributeDefinition.Kind.TYPE && value.equals(AttributeDecoder.NONE)) {
            return Optional.empty();
        }
        return Optional.of(
                switch (definition.kind()) {
                    case INT ->
                        new Attribute.Int(as(Attribute.Int.class, definition, value, header)
                                .value());
                    case BOOL -> as(Attribute.Bool.class, definition, value, header);
                    case REAL -> as(Attribute.Real.class, definition, value, header);
                    case INTS, REQUIRED_INTS, ONES, ZEROS -> numbers(definition, value, header);
                    case TEXT -> as(Attribute.Text.class, definition, value, header);
                    case SYMBOL -> symbol(definition, value, header);
                    case SYMBOLS -> symbols(definition, value, header);
                    case KEYWORD -> as(Attribute.Keyword.class, definition, value, header);
                    case KEYWORDS -> keywords(definition, value, header);
                    case TENSOR -> as(Attribute.Tensor.class, definition, value, header);
                    case ENTRIES -> as(Attribute.Entries.class, definition, value, header);
                    case CONFIGURATION ->
                        value instanceof Attribute.Text
                                ? value
                                : as(Attribute.Entries.class, definition, value, header);
                    case ITEMS -> as(Attribute.Items.class, definition, value, header);
                    case TYPE, HINT -> value;
                });
    }

    private static <A extends Attribute> A as(
            Class<A> kind, AttributeDefinition definition, Attribute value, OpHeader header) throws ProgramException {
        if (kind.isInstance(value)) {
            return kind.cast(value);
        }
        throw header.fault("attribute " + definition.name() + " is of kind "
                + value.getClass().getSimpleName() + ", expected " + kind.getSimpleName());
    }

    private static Attribute numbers(AttributeDefinition definition, Attribute value, OpHeader header)
            throws ProgramException {
        Elements elements =
                as(Attribute.Tensor.class, definition, value, header).elements();
        if (elements.type().element().isFloat() || elements.type().element().isComplex()) {
            throw header.fault(
                    "attribute " + definition.name() + " is of type " + elements.type() + ", expected integers");
        }
        long count = elements.type().count();
        if (count > MOST_NUMBERS) {
            throw header.fault(
                    "attribute " + definition.name() + " has " + count + " numbers, expected at most " + MOST_NUMBERS);
        }
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(elements.longAt(i));
        }
        return new Attribute.Ints(numbers);
    }

    private static Attribute symbol(AttributeDefinition definition, Attribute value, OpHeader header)
            throws ProgramException {
        return value instanceof Attribute.Symbol
                ? value
                : new Attribute.Symbol(
                        as(Attribute.Text.class, definition, value, header).value());
    }

    private static Attribute symbols(AttributeDefinition definition, Attribute value, OpHeader header)
            throws ProgramException {
        List<Attribute> symbols = new ArrayList<>();
        for (Attribute item :
                as(Attribute.Items.class, definition, value, header).items()) {
            symbols.add(symbol(definition, item, header));
        }
        return new Attribute.Items(symbols);
    }

    private static Attribute keywords(AttributeDefinition definition, Attribute value, OpHeader header)
            throws ProgramException {
        Attribute.Items words = as(Attribute.Items.class, definition, value, header);
        for (Attribute word : words.items()) {
            as(Attribute.Keyword.class, definition, word, header);
        }
        return words;
    }
}
