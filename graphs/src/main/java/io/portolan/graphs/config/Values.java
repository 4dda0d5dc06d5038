package io.portolan.graphs.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The values that an option can have.
 *
 * @param expected what to say of them
 * @param kind how they are checked
 * @param names the values of {@link Kind#NAME}
 */
record Values(String expected, Kind kind, List<String> names) {
    enum Kind {
        FLAG,
        COUNT,
        POSITIVE,
        ODD,
        RATIO,
        NAME
    }

    static Values flag() {
        return new Values("true or false", Kind.FLAG, List.of());
    }

    /** A whole number, 0 or more. */
    static Values count() {
        return new Values("a whole number, 0 or more", Kind.COUNT, List.of());
    }

    /** A whole number, 1 or more. */
    static Values positive() {
        return new Values("a whole number, 1 or more", Kind.POSITIVE, List.of());
    }

    /** An odd number. */
    static Values odd() {
        return new Values("an odd number", Kind.ODD, List.of());
    }

    /** A number, 0 or more. */
    static Values ratio() {
        return new Values("a number, 0 or more", Kind.RATIO, List.of());
    }

    static Values oneOf(String... names) {
        return new Values(String.join(", ", names), Kind.NAME, List.of(names));
    }

    /** The labels of an enum; the empty text stands for none of them where it is a default. */
    static <E extends Enum<E> & Choice> Values labelsOf(Class<E> type) {
        List<String> labels =
                Arrays.stream(type.getEnumConstants()).map(Choice::label).toList();
        return new Values(String.join(", ", labels), Kind.NAME, labels);
    }

    boolean contains(String value) {
        return switch (kind) {
            case FLAG -> value.equals("true") || value.equals("false");
            case COUNT -> value.matches("[0-9]{1,9}");
            case POSITIVE -> value.matches("0{0,8}[1-9][0-9]{0,8}");
            case ODD -> value.matches("[0-9]{0,8}[13579]");
            case RATIO ->
                number(value).filter(ratio -> ratio >= 0 && ratio < 1e6).isPresent();
            case NAME -> names.contains(value);
        };
    }

    /** One text for all that mean the same. */
    String canonical(String value) {
        return switch (kind) {
            case COUNT, POSITIVE, ODD -> String.valueOf(Integer.parseInt(value));
            case RATIO -> String.valueOf(Double.parseDouble(value));
            case FLAG, NAME -> value;
        };
    }

    static Optional<Double> number(String text) {
        try {
            double value = Double.parseDouble(text);
            return Double.isFinite(value) ? Optional.of(value) : Optional.empty();
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }
}
