package io.portolan.converter.tensorflow.handlers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads those regular expressions that match fixed texts only: one text, as {@code <br />}, or one character of a set, as {@code [,.\s]}.
 */
final class LiteralPattern {
    /** Characters that mean more than themselves outside of a set. */
    private static final String SPECIAL = ".^$|?*+()[]{}";

    /** What letters after a backslash match. */
    private static final Map<Character, String> CLASSES =
            Map.of('s', "\t\n\f\r ", 't', "\t", 'n', "\n", 'r', "\r", 'f', "\f", 'v', "\u000b");

    private static final int LARGEST_SET = 64;

    private final String pattern;
    private int position;

    private LiteralPattern(String pattern) {
        this.pattern = pattern;
    }

    /** The texts that a regular expression matches; empty if it is of another kind. */
    static Optional<List<String>> texts(String pattern) {
        LiteralPattern reader = new LiteralPattern(pattern);
        return pattern.startsWith("[") ? reader.set() : reader.literal();
    }

    private Optional<List<String>> literal() {
        StringBuilder text = new StringBuilder();
        while (position < pattern.length()) {
            char next = pattern.charAt(position);
            Optional<String> characters = SPECIAL.indexOf(next) >= 0 ? Optional.empty() : characters();
            if (characters.isEmpty()
                    || characters.get().codePointCount(0, characters.get().length()) != 1) {
                // A class alone, as \s, is a set too.
                boolean isWhole = text.isEmpty() && position == pattern.length();
                return characters.filter(several -> isWhole).map(LiteralPattern::each);
            }
            text.append(characters.get());
        }
        return text.isEmpty() ? Optional.empty() : Optional.of(List.of(text.toString()));
    }

    private Optional<List<String>> set() {
        position = 1;
        StringBuilder members = new StringBuilder();
        while (position < pattern.length() && (pattern.charAt(position) != ']' || members.isEmpty())) {
            if (pattern.startsWith("[:", position) || members.isEmpty() && pattern.charAt(position) == '^') {
                return Optional.empty();
            }
            Optional<String> first = characters();
            boolean isRange = pattern.startsWith("-", position) && !pattern.startsWith("-]", position);
            if (first.isPresent() && isRange) {
                position++;
                first = range(first.get(), characters());
            }
            if (first.isEmpty() || members.length() > LARGEST_SET) {
                return Optional.empty();
            }
            members.append(first.get());
        }
        boolean isClosed = position == pattern.length() - 1;
        return isClosed && members.length() <= LARGEST_SET ? Optional.of(each(members.toString())) : Optional.empty();
    }

    private static Optional<String> range(String first, Optional<String> last) {
        boolean isRange = first.length() == 1
                && last.isPresent()
                && last.get().length() == 1
                && first.charAt(0) <= last.get().charAt(0)
                && last.get().charAt(0) - first.charAt(0) < LARGEST_SET;
        if (!isRange) {
            return Optional.empty();
        }
        StringBuilder members = new StringBuilder();
        for (char member = first.charAt(0); member <= last.get().charAt(0); member++) {
            members.append(member);
        }
        return Optional.of(members.toString());
    }

    /** What stands at the position: a character, or those that an escape matches; empty if it is not known. */
    private Optional<String> characters() {
        if (position == pattern.length()) {
            return Optional.empty();
        }
        int point = pattern.codePointAt(position);
        position += Character.charCount(point);
        if (point != '\\') {
            return Optional.of(Character.toString(point));
        }
        if (position == pattern.length()) {
            return Optional.empty();
        }
        char escaped = pattern.charAt(position++);
        boolean isItself = escaped < 0x80 && !Character.isLetterOrDigit(escaped);
        return isItself ? Optional.of(String.valueOf(escaped)) : Optional.ofNullable(CLASSES.get(escaped));
    }

    private static List<String> each(String characters) {
        List<String> each = new ArrayList<>();
        characters.codePoints().distinct().forEach(point -> each.add(Character.toString(point)));
        return List.copyOf(each);
    }
}
