package io.portolan.programs.text;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Where the attributes stand that have a name: lines {@code #name = …}, which may come before or after their use. A text cannot hold the
 * beginning of a line, so that no such line is in a text.
 */
final class Aliases {
    private final Map<String, Integer> positions = new HashMap<>();

    Aliases(byte[] text) {
        for (int at = 0; at < text.length; at++) {
            if (text[at] == '#' && (at == 0 || text[at - 1] == '\n')) {
                int end = at + 1;
                while (end < text.length && isNamePart(text[end])) {
                    end++;
                }
                int sign = end;
                while (sign < text.length && text[sign] == ' ') {
                    sign++;
                }
                if (end > at + 1 && sign < text.length && text[sign] == '=') {
                    positions.putIfAbsent(name(text, at + 1, end), sign + 1);
                }
            }
        }
    }

    private static String name(byte[] text, int from, int to) {
        return new String(text, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static boolean isNamePart(byte letter) {
        return letter >= 'a' && letter <= 'z'
                || letter >= 'A' && letter <= 'Z'
                || letter >= '0' && letter <= '9'
                || letter == '_'
                || letter == '$'
                || letter == '.'
                || letter == '-';
    }

    /** The position of the value of a name. */
    OptionalInt find(String name) {
        Integer position = positions.get(name);
        return position == null ? OptionalInt.empty() : OptionalInt.of(position);
    }
}
