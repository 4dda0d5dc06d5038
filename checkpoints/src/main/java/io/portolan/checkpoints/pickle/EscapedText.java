package io.portolan.checkpoints.pickle;

import io.portolan.checkpoints.values.ByteRegion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/** Parses text that protocol 0 writes in one line with escapes. */
final class EscapedText {
    private static final int HEXADECIMAL = 16;
    private static final int OCTAL = 8;
    private static final Pattern QUOTED = Pattern.compile("'.*'|\".*\"", Pattern.DOTALL);
    private static final Map<Character, Character> SINGLE = Map.of(
            '\\', '\\', '\'', '\'', '"', '"', 'n', '\n', 'r', '\r', 't', '\t', 'a', '\u0007', 'b', '\b', 'f', '\f', 'v',
            '\u000b');

    private final String line;
    private int position;

    private EscapedText(String line) {
        this.line = line;
    }

    /** Parses Latin-1 with the escapes {@code \\uXXXX} and {@code \\UXXXXXXXX}; any other backslash is literal. */
    static String unicode(ByteBuffer bytes) throws Malformed {
        EscapedText text =
                new EscapedText(StandardCharsets.ISO_8859_1.decode(bytes).toString());
        StringBuilder decoded = new StringBuilder();
        while (text.position < text.line.length()) {
            if (text.accept("\\u")) {
                decoded.append((char) text.number(4, HEXADECIMAL));
            } else if (text.accept("\\U")) {
                int point = text.number(8, HEXADECIMAL);
                if (!Character.isValidCodePoint(point)) {
                    throw new Malformed("no such character", "a code point of Unicode");
                }
                decoded.appendCodePoint(point);
            } else {
                decoded.append(text.next());
            }
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(decoded)) {
            throw new Malformed("half of a surrogate pair", "whole characters");
        }
        return decoded.toString();
    }

    /** Parses a Python 2 string literal: in quotes, with Python's escapes. */
    static ByteRegion quoted(ByteBuffer bytes) throws Malformed {
        String line = StandardCharsets.ISO_8859_1.decode(bytes).toString();
        if (!QUOTED.matcher(line).matches()) {
            throw new Malformed("a string without quotes", "a string in quotes");
        }
        EscapedText text = new EscapedText(line.substring(1, line.length() - 1));
        ByteBuffer decoded = ByteBuffer.allocate(line.length());
        while (text.position < text.line.length()) {
            decoded.put((byte) (text.accept("\\") ? text.escape() : text.next()));
        }
        return ByteRegion.of(decoded.flip());
    }

    private int escape() throws Malformed {
        if (accept("x")) {
            return number(2, HEXADECIMAL);
        }
        if (position < line.length() && Character.digit(line.charAt(position), OCTAL) >= 0) {
            return number(3, OCTAL);
        }
        Character meaning = position < line.length() ? SINGLE.get(next()) : null;
        if (meaning == null) {
            throw new Malformed("an unknown escape", "an escape of Python's string literals");
        }
        return meaning;
    }

    private int number(int digits, int radix) throws Malformed {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = position < line.length() ? Character.digit(next(), radix) : -1;
            if (digit < 0) {
                throw new Malformed("an escape that is cut short", digits + " digits");
            }
            value = value * radix + digit;
        }
        return value;
    }

    private boolean accept(String prefix) {
        if (!line.startsWith(prefix, position)) {
            return false;
        }
        position += prefix.length();
        return true;
    }

    private char next() {
        return line.charAt(position++);
    }
}
