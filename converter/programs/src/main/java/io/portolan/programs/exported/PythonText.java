package io.portolan.programs.exported;

/** Texts as Python's {@code repr} writes them. */
final class PythonText {
    private PythonText() {}

    /** In single quotes, or in double quotes if there are single ones only, with escapes for what cannot be printed. */
    static String quote(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder quoted = new StringBuilder().append(quote);
        text.codePoints().forEach(letter -> append(quoted, letter, quote));
        return quoted.append(quote).toString();
    }

    private static void append(StringBuilder to, int letter, char quote) {
        switch (letter) {
            case '\n' -> to.append("\\n");
            case '\r' -> to.append("\\r");
            case '\t' -> to.append("\\t");
            case '\\' -> to.append("\\\\");
            default -> {
                if (letter == quote) {
                    to.append('\\').append(quote);
                } else if (isPrintable(letter)) {
                    to.appendCodePoint(letter);
                } else {
                    to.append(
                            (letter < 0x100 ? "\\x%02x" : letter < 0x10000 ? "\\u%04x" : "\\U%08x").formatted(letter));
                }
            }
        }
    }

    private static boolean isPrintable(int letter) {
        return switch (Character.getType(letter)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> letter == ' ';
            default -> true;
        };
    }
}
