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
     * @param in where it was read, for messages
     */
    static Optional<Attribute> of(AttributeDefinition definition, Attribute value, ByteCursor in)
            throws ProgramException {
        if (definition.kind() == AttributeDefinition.Kind.TYPE && value.equals(AttributeDecoder.NONE)) {
            return Optional.empty();
        }
        return Optional.of(
                switch (definition.kind()) {
                    case INT ->
                        new Attribute.Int(
                                as(Attribute.Int.class, definition, value, in).value());
                    case BOOL -> as(Attribute.Bool.class, definition, value, in);
                    case REAL -> as(Attribute.Real.class, definition, value, in);
                    case INTS, REQUIRED_INTS, ONES, ZEROS -> numbers(definition, value, in);
                    case TEXT -> as(Attribute.Text.class, definition, value, in);
                    case SYMBOL -> symbol(definition, value, in);
                    case SYMBOLS -> symbols(definition, value, in);
                    case KEYWORD -> as(Attribute.Keyword.class, definition, value, in);
                    case KEYWORDS -> keywords(definition, value, in);
                    case TENSOR -> as(Attribute.Tensor.class, definition, value, in);
                    case ENTRIES -> as(Attribute.Entries.class, definition, value, in);
                    case CONFIGURATION ->
                        value instanceof Attribute.Text ? value : as(Attribute.Entries.class, definition, value, in);
                    case ITEMS -> as(Attribute.Items.class, definition, value, in);
                    case TYPE, HINT -> value;
                });
    }

    private static <A extends Attribute> A as(
            Class<A> kind, AttributeDefinition definition, Attribute value, ByteCursor in) throws ProgramException {
        if (kind.isInstance(value)) {
            return kind.cast(value);
        }
        throw in.fault("attribute " + definition.name() + " is of kind "
                + value.getClass().getSimpleName() + ", expected " + kind.getSimpleName());
    }

    private static Attribute numbers(AttributeDefinition definition, Attribute value, ByteCursor in)
            throws ProgramException {
        Elements elements = as(Attribute.Tensor.class, definition, value, in).elements();
        if (elements.type().element().isFloat() || elements.type().element().isComplex()) {
            throw in.fault("attribute " + definition.name() + " is of type " + elements.type() + ", expected integers");
        }
        long count = elements.type().count();
        if (count > MOST_NUMBERS) {
            throw in.fault(
                    "attribute " + definition.name() + " has " + count + " numbers, expected at most " + MOST_NUMBERS);
        }
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(elements.longAt(i));
        }
        return new Attribute.Ints(numbers);
    }

    private static Attribute symbol(AttributeDefinition definition, Attribute value, ByteCursor in)
            throws ProgramException {
        return value instanceof Attribute.Symbol
                ? value
                : new Attribute.Symbol(
                        as(Attribute.Text.class, definition, value, in).value());
    }

    private static Attribute symbols(AttributeDefinition definition, Attribute value, ByteCursor in)
            throws ProgramException {
        List<Attribute> symbols = new ArrayList<>();
        for (Attribute item : as(Attribute.Items.class, definition, value, in).items()) {
            symbols.add(symbol(definition, item, in));
        }
        return new Attribute.Items(symbols);
    }

    private static Attribute keywords(AttributeDefinition definition, Attribute value, ByteCursor in)
            throws ProgramException {
        Attribute.Items words = as(Attribute.Items.class, definition, value, in);
        for (Attribute word : words.items()) {
            as(Attribute.Keyword.class, definition, word, in);
        }
        return words;
    }
}
