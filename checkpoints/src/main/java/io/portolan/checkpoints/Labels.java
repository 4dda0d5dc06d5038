package io.portolan.checkpoints;

import io.portolan.checkpoints.values.InertObject;
import io.portolan.checkpoints.values.Tuple;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The visible names of the children of a container, which a path joins with slashes. Usual keys are their own labels.
 * The labels of one container differ, so that a path leads to one place in a tree:
 *
 * <table>
 * <caption>Labels</caption>
 * <tr><th>child</th><th>label</th></tr>
 * <tr><td>element of a list or tuple</td><td>its index</td></tr>
 * <tr><td>text key</td><td>the text, with characters escaped that a part of a path or a file name must not have: slash,
 * percent sign, backslash and NUL by their codes ({@code mlp%2F~%2Flinear_0}), unpaired surrogates as {@code %uD800};
 * the text {@code ..} as {@code %2E%2E}; empty text as {@code %}</td></tr>
 * <tr><td>integer, truth value, None, float</td><td>as Python prints it</td></tr>
 * <tr><td>tuple</td><td>as Python prints it, {@code ('a', 1)}; if all keys of a dictionary are tuples of text, as
 * {@code flatten_dict} makes them, the labels of the texts, joined by slashes</td></tr>
 * <tr><td>a key that is not text, next to a text key with the same label</td><td>with its kind: {@code %int:0}</td></tr>
 * </table>
 */
final class Labels {
    static final String SEPARATOR = "/";

    private static final String EMPTY = "%";
    private static final String ESCAPED_IN_TEXT = "/%\\\0";
    private static final String ESCAPED_IN_TUPLE = ESCAPED_IN_TEXT + "'";
    private static final Pattern ESCAPE = Pattern.compile("%u([0-9A-F]{4})|%([0-9A-F]{2})");
    private static final int HEXADECIMAL = 16;

    /** The largest number of texts in a tuple that counts as a path. */
    private static final int LONGEST_TUPLE = 64;

    private Labels() {}

    /** The label of a text key. */
    static String of(String key) {
        return switch (key) {
            case "" -> EMPTY;
            case ".." -> "%2E%2E";
            default -> escaped(key, ESCAPED_IN_TEXT);
        };
    }

    /** The text key that has this label. An escape that {@link #of} does not write stands for itself. */
    static String key(String label) {
        if (label.equals(EMPTY)) {
            return "";
        }
        if (label.indexOf('%') < 0) {
            return label;
        }
        return ESCAPE.matcher(label).replaceAll(escape -> {
            String code = escape.group(1) == null ? escape.group(2) : escape.group(1);
            return Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(code, HEXADECIMAL)));
        });
    }

    /** A path with each of its parts as {@link #of} writes it; empty parts, which are no labels, stay empty. */
    static String canonical(String path) {
        return Arrays.stream(path.split(SEPARATOR, -1))
                .map(part -> part.isEmpty() ? part : of(key(part)))
                .collect(Collectors.joining(SEPARATOR));
    }

    /** The label of each key of a dictionary, in order. */
    static Map<Object, String> of(Collection<?> keys) {
        boolean paths = arePaths(keys);
        Map<Object, String> labels = new LinkedHashMap<>();
        Set<String> taken = new HashSet<>();
        for (Object key : keys) {
            if (key instanceof String text) {
                labels.put(key, of(text));
                taken.add(labels.get(key));
            }
        }
        if (labels.size() == keys.size()) {
            return labels;
        }
        Map<Object, String> ordered = new LinkedHashMap<>();
        for (Object key : keys) {
            String label = labels.get(key);
            if (!(key instanceof String)) {
                String natural = paths ? joined((Tuple) key) : printed(key);
                label = natural;
                for (int again = 0; !taken.add(label); again++) {
                    label = "%" + kind(key) + (again == 0 ? "" : again) + ":" + natural;
                }
            }
            ordered.put(key, label);
        }
        return ordered;
    }

    /** Whether all keys are tuples of text, none the beginning of another, so that they can be read as paths. */
    private static boolean arePaths(Collection<?> keys) {
        if (keys.isEmpty()
                || !keys.stream()
                        .allMatch(key -> key instanceof Tuple tuple
                                && !tuple.elements().isEmpty()
                                && tuple.elements().size() <= LONGEST_TUPLE
                                && tuple.elements().stream().allMatch(String.class::isInstance))) {
            return false;
        }
        Set<List<Object>> beginnings = new HashSet<>();
        for (Object key : keys) {
            List<Object> texts = ((Tuple) key).elements();
            for (int length = 1; length < texts.size(); length++) {
                beginnings.add(texts.subList(0, length));
            }
        }
        return keys.stream().noneMatch(key -> beginnings.contains(((Tuple) key).elements()));
    }

    private static String joined(Tuple texts) {
        return texts.elements().stream().map(text -> of((String) text)).collect(Collectors.joining(SEPARATOR));
    }

    /** A key as Python prints it, with the characters escaped that a label must not have. */
    private static String printed(Object key) {
        if (key instanceof String text) {
            return "'" + escaped(text, ESCAPED_IN_TUPLE) + "'";
        }
        if (key instanceof Tuple tuple) {
            List<Object> elements = tuple.elements();
            return elements.stream()
                    .map(Labels::printed)
                    .collect(Collectors.joining(", ", "(", elements.size() == 1 ? ",)" : ")"));
        }
        if (key instanceof Boolean truth) {
            return truth ? "True" : "False";
        }
        if (key instanceof InertObject object) {
            return escaped(object.qualifiedName(), ESCAPED_IN_TUPLE) + printed(new Tuple(object.arguments()));
        }
        return key == null ? "None" : escaped(key.toString(), ESCAPED_IN_TUPLE);
    }

    private static String kind(Object key) {
        if (key instanceof Long || key instanceof BigInteger) {
            return "int";
        }
        if (key instanceof Double) {
            return "float";
        }
        if (key instanceof Boolean) {
            return "bool";
        }
        return key == null ? "None" : "key";
    }

    private static String escaped(String text, String characters) {
        if (text.chars().noneMatch(unit -> characters.indexOf(unit) >= 0 || Character.isSurrogate((char) unit))) {
            return text;
        }
        StringBuilder label = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (Character.getType(point) == Character.SURROGATE) {
                label.append(String.format(Locale.ROOT, "%%u%04X", point));
            } else if (characters.indexOf(point) >= 0) {
                label.append(String.format(Locale.ROOT, "%%%02X", point));
            } else {
                label.appendCodePoint(point);
            }
        });
        return label.toString();
    }
}
