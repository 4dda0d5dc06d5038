package io.portolan.checkpoints.values;

/** Text from a file, made safe to show in a one-line message. */
public final class Quotation {
    private static final int LONGEST = 80;

    private Quotation() {}

    /**
     * The text in single quotes: anything but printable ASCII is escaped, so that neither a line break nor a look-alike
     * letter can pass for something else, and what exceeds 80 characters is cut.
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
