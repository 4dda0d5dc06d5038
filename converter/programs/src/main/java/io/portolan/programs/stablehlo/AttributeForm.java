package io.portolan.programs.stablehlo;

import java.util.ArrayList;
import java.util.List;

/** Brings the value of an attribute into the form that its {@link AttributeDefinition} declares, from what programs write for it. */
public final class AttributeForm {
    private static final int MOST_NUMBERS = 256;

    private AttributeForm() {}

    /**
     * The value in the declared form: lists of integers from tensors, lists and lists of lists; words from words, truth values also from
     * an attribute without a value.
     *
     * @throws IllegalArgumentException if it is of another kind
     */
    public static Attribute of(AttributeDefinition definition, Attribute value) {
        return switch (definition.kind()) {
            case INT ->
                new Attribute.Int(as(Attribute.Int.class, definition, value).value());
            case BOOL ->
                value instanceof Attribute.Unit
                        ? new Attribute.Bool(true)
                        : as(Attribute.Bool.class, definition, value);
            case REAL -> as(Attribute.Real.class, definition, value);
            case INTS, REQUIRED_INTS, ONES, ZEROS -> numbers(definition, value);
            case TEXT ->
                value instanceof Attribute.Symbol symbol
                        ? new Attribute.Text(symbol.name())
                        : as(Attribute.Text.class, definition, value);
            case SYMBOL -> symbol(definition, value);
            case SYMBOLS ->
                new Attribute.Items(as(Attribute.Items.class, definition, value).items().stream()
                        .map(item -> symbol(definition, item))
                        .toList());
            case KEYWORD -> as(Attribute.Keyword.class, definition, value);
            case KEYWORDS -> {
                Attribute.Items words = as(Attribute.Items.class, definition, value);
                words.items().forEach(word -> as(Attribute.Keyword.class, definition, word));
                yield words;
            }
            case TENSOR -> as(Attribute.Tensor.class, definition, value);
            case ENTRIES -> as(Attribute.Entries.class, definition, value);
            case CONFIGURATION ->
                value instanceof Attribute.Text ? value : as(Attribute.Entries.class, definition, value);
            case ITEMS -> as(Attribute.Items.class, definition, value);
            case TYPE, HINT -> value;
        };
    }

    private static <A extends Attribute> A as(Class<A> kind, AttributeDefinition definition, Attribute value) {
        if (kind.isInstance(value)) {
            return kind.cast(value);
        }
        throw new IllegalArgumentException("attribute " + definition.name() + " is of kind "
                + value.getClass().getSimpleName() + ", expected " + kind.getSimpleName());
    }

    private static Attribute symbol(AttributeDefinition definition, Attribute value) {
        return value instanceof Attribute.Text text
                ? new Attribute.Symbol(text.value())
                : as(Attribute.Symbol.class, definition, value);
    }

    private static Attribute numbers(AttributeDefinition definition, Attribute value) {
        List<Long> numbers = new ArrayList<>();
        add(definition, value, numbers);
        return new Attribute.Ints(numbers);
    }

    /** Adds the numbers of a value; a list in a list holds numbers. */
    private static void add(AttributeDefinition definition, Attribute value, List<Long> numbers) {
        if (value instanceof Attribute.Ints ints) {
            numbers.addAll(ints.values());
        } else if (value instanceof Attribute.Tensor tensor) {
            addElements(definition, tensor.elements(), numbers);
        } else {
            for (Attribute item : as(Attribute.Items.class, definition, value).items()) {
                if (item instanceof Attribute.Int number) {
                    numbers.add(number.value());
                } else if (item instanceof Attribute.Bool flag) {
                    numbers.add(flag.value() ? 1L : 0L);
                } else {
                    for (Attribute inner :
                            as(Attribute.Items.class, definition, item).items()) {
                        numbers.add(as(Attribute.Int.class, definition, inner).value());
                    }
                }
            }
        }
        requireFew(definition, numbers.size());
    }

    private static void addElements(AttributeDefinition definition, Elements elements, List<Long> numbers) {
        ElementType type = elements.type().element();
        if (type.isFloat() || type.isComplex()) {
            throw new IllegalArgumentException(
                    "attribute " + definition.name() + " is of type " + elements.type() + ", expected integers");
        }
        requireFew(definition, elements.type().count());
        for (int i = 0; i < elements.type().count(); i++) {
            numbers.add(elements.longAt(i));
        }
    }

    private static void requireFew(AttributeDefinition definition, long count) {
        if (count > MOST_NUMBERS) {
            throw new IllegalArgumentException(
                    "attribute " + definition.name() + " has " + count + " numbers, expected at most " + MOST_NUMBERS);
        }
    }
}
