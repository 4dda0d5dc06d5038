package io.portolan.checkpoints.values;

/** Quotes untrusted text for a one-line message. */
public final class Quotation {
    private static final int LONGEST = 80;

    private Quotation() {}

    /**
     * The text in single quotes: everything but printable ASCII is escaped, so that line breaks and look-alike letters
     * are visible, and more than 80 characters are truncated.
     */
    public static String of(String text) {
        StringBuilder quoted = new StringBuilder("'");
        int shown = Math.min(text.length(), LONGEST);
        for (int i = 0; i < shown; i++) {
            char character = text.charAt(i);
            if (character == '\'' || character == '\\') {
                quoted.append('\\').append(character);
            } else if (character >= ' ' && character <= '~') {
                quoted.append(character);
            } else {
                quoted.append(String.format("\\u%04x", (int) character));
            }
        }
        return quoted.append(shown < text.length() ? "'..." : "'").toString();
    }
}
