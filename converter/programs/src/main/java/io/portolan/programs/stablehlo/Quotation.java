package io.portolan.programs.stablehlo;

/** Names from files as messages show them: on one line, without letters that look like others, and not longer than a line. */
public final class Quotation {
    private static final int LONGEST = 80;
    private static final int LONGEST_LINE = 500;

    private Quotation() {}

    /** The text in single quotes: printable ASCII as it is, all else as hexadecimal digits, cut to 80 characters. */
    public static String of(String text) {
        StringBuilder quoted = new StringBuilder("'");
        text.chars().limit(LONGEST).forEach(letter -> {
            if (letter == '\'' || letter == '\\') {
                quoted.append('\\').append((char) letter);
            } else if (letter >= ' ' && letter <= '~') {
                quoted.append((char) letter);
            } else {
                quoted.append("\\u%04x".formatted(letter));
            }
        });
        return quoted.append(text.length() > LONGEST ? "'..." : "'").toString();
    }

    /** A message as one line, whatever names and types are in it: printable ASCII, cut to 500 characters. */
    public static String line(String message) {
        String printable = message.replaceAll("[^ -~]", "?");
        return printable.length() > LONGEST_LINE ? printable.substring(0, LONGEST_LINE) + "..." : printable;
    }
}
