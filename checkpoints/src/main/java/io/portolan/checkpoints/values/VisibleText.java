package io.portolan.checkpoints.values;

import java.util.Locale;

/** Escapes untrusted text for display, so that it cannot move the cursor, change colours or reverse letters. */
public final class VisibleText {
    private VisibleText() {}

    /**
     * The text on one line: line breaks and all other invisible characters are escaped like {@code \\u001b}.
     *
     * @param longest largest number of characters; a longer text is truncated and followed by its length
     */
    public static String line(String text, int longest) {
        if (text.length() <= longest) {
            return escaped(text, "");
        }
        return escaped(text.substring(0, longest), "")
                + String.format(Locale.ROOT, "... (%,d characters)", text.length());
    }

    /** Text of several lines. Within JSON, the escapes keep their meaning. */
    public static String lines(String text) {
        return escaped(text, "\n\t");
    }

    private static String escaped(String text, String kept) {
        if (text.codePoints().allMatch(character -> isPlain(character) || kept.indexOf(character) >= 0)) {
            return text;
        }
        StringBuilder safe = new StringBuilder();
        text.codePoints().forEach(character -> {
            if (isPlain(character) || kept.indexOf(character) >= 0) {
                safe.appendCodePoint(character);
            } else {
                for (char unit : Character.toChars(character)) {
                    safe.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
                }
            }
        });
        return safe.toString();
    }

    private static boolean isPlain(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
