package io.portolan.programs.stablehlo;

import java.util.Optional;

/**
 * One attribute of an operation.
 *
 * @param name its name in VHLO, which StableHLO shares but for lists of dimensions that it groups
 * @param kind what it holds
 * @param otherwise its default; empty if the kind alone tells (an empty or uniform list), or if there is none
 * @param since the first revision of the operation that has it
 * @param until the last revision of the operation that has it
 */
public record AttributeDefinition(String name, Kind kind, Optional<Attribute> otherwise, int since, int until) {
    /** What an attribute holds, and which value of it is the default whatever its length. */
    public enum Kind {
        /** An integer. */
        INT,
        /** A boolean. */
        BOOL,
        /** A real number. */
        REAL,
        /** Integers; by default none. */
        INTS,
        /** Integers that must be there, possibly none. */
        REQUIRED_INTS,
        /** Integers; by default all 1. */
        ONES,
        /** Integers or booleans; by default all 0. */
        ZEROS,
        /** A text. */
        TEXT,
        /** The name of a function. */
        SYMBOL,
        /** Names of functions; by default none. */
        SYMBOLS,
        /** A word. */
        KEYWORD,
        /** Words; by default all {@code DEFAULT}. */
        KEYWORDS,
        /** The elements of a constant. */
        TENSOR,
        /** A dictionary; by default empty. */
        ENTRIES,
        /** A text or a dictionary; by default empty. */
        CONFIGURATION,
        /** A type; by default none. */
        TYPE,
        /** A list of anything; by default empty. */
        ITEMS,
        /** A hint that cannot change what is computed beyond rounding; it is read and dropped. */
        HINT
    }

    AttributeDefinition(String name, Kind kind) {
        this(name, kind, Optional.empty(), 1, Integer.MAX_VALUE);
    }

    AttributeDefinition or(Attribute value) {
        return new AttributeDefinition(name, kind, Optional.of(value), since, until);
    }

    AttributeDefinition since(int revision) {
        return new AttributeDefinition(name, kind, otherwise, revision, until);
    }

    AttributeDefinition until(int revision) {
        return new AttributeDefinition(name, kind, otherwise, since, revision);
    }

    /** Whether a value of it is left out of the canonical form: because it is the default, or a hint. */
    public boolean isOmitted(Attribute value) {
        return otherwise.filter(value::equals).isPresent()
                || switch (kind) {
                    case HINT -> true;
                    case INTS ->
                        value instanceof Attribute.Ints ints && ints.values().isEmpty();
                    case ONES -> isAll(value, 1);
                    case ZEROS -> isAll(value, 0);
                    case SYMBOLS, ITEMS ->
                        value instanceof Attribute.Items list && list.items().isEmpty();
                    case KEYWORDS ->
                        value instanceof Attribute.Items words
                                && words.items().stream()
                                        .allMatch(word -> word.equals(new Attribute.Keyword("DEFAULT")));
                    case ENTRIES -> isNothing(value);
                    case CONFIGURATION -> isNothing(value) || value.equals(new Attribute.Text(""));
                    default -> false;
                };
    }

    private static boolean isAll(Attribute value, long number) {
        return value instanceof Attribute.Ints ints && ints.values().stream().allMatch(each -> each == number);
    }

    private static boolean isNothing(Attribute value) {
        return value instanceof Attribute.Entries entries && entries.byName().isEmpty();
    }

    /** Whether an operation must have it. */
    public boolean isRequired() {
        return otherwise.isEmpty()
                && switch (kind) {
                    case INT, REAL, REQUIRED_INTS, TEXT, SYMBOL, KEYWORD, TENSOR, BOOL -> true;
                    default -> false;
                };
    }
}
