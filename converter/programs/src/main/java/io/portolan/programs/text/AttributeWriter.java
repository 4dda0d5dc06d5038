package io.portolan.programs.text;

import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.ElementType;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;

/** Writes values of attributes. What is opaque cannot be written, nor can words outside of the attributes that tell their kind. */
final class AttributeWriter {
    private static final String HEXADECIMAL = "0123456789ABCDEF";

    private AttributeWriter() {}

    /** Whether nothing in a value is opaque. */
    static boolean isWritable(Attribute value) {
        if (value instanceof Attribute.Items list) {
            return list.items().stream().allMatch(AttributeWriter::isWritable);
        }
        return !(value instanceof Attribute.Opaque || value instanceof Attribute.Keyword);
    }

    /** Appends {@code {name = value, …}}, or nothing if no value can be written. */
    static void dictionaryIfAny(String before, Map<String, Attribute> entries, StringBuilder out) {
        if (entries.values().stream().anyMatch(AttributeWriter::isWritable)) {
            out.append(before);
            dictionary(entries, out);
        }
    }

    /** Appends {@code {name = value, …}} with the values that can be written. */
    static void dictionary(Map<String, Attribute> entries, StringBuilder out) {
        out.append('{');
        String comma = "";
        for (Map.Entry<String, Attribute> entry : entries.entrySet()) {
            if (isWritable(entry.getValue())) {
                out.append(comma);
                name(entry.getKey(), out);
                out.append(" = ");
                value(entry.getValue(), out);
                comma = ", ";
            }
        }
        out.append('}');
    }

    private static void name(String name, StringBuilder out) {
        boolean isBare = name.matches("[a-zA-Z_][a-zA-Z0-9_$.]*");
        if (isBare) {
            out.append(name);
        } else {
            text(name, out);
        }
    }

    /** Appends a value. */
    static void value(Attribute value, StringBuilder out) {
        if (value instanceof Attribute.Bool flag) {
            out.append(flag.value());
        } else if (value instanceof Attribute.Int number) {
            boolean isUnsigned = number.type().kind() == ElementType.Kind.UNSIGNED;
            out.append(isUnsigned ? Long.toUnsignedString(number.value()) : Long.toString(number.value()))
                    .append(" : ")
                    .append(number.type());
        } else if (value instanceof Attribute.Ints numbers) {
            integers(numbers, out);
        } else if (value instanceof Attribute.Real number) {
            int digits = (number.type().bits() + 3) / 4;
            out.append("0x");
            for (int i = digits - 1; i >= 0; i--) {
                out.append(HEXADECIMAL.charAt((int) (number.bits() >>> 4 * i & 15)));
            }
            out.append(" : ").append(number.type());
        } else if (value instanceof Attribute.Text text) {
            text(text.value(), out);
        } else if (value instanceof Attribute.Symbol symbol) {
            out.append('@');
            text(symbol.name(), out);
        } else if (value instanceof Attribute.Tensor tensor) {
            ElementsWriter.dense(tensor.elements(), out);
        } else if (value instanceof Attribute.Items list) {
            items(list, out);
        } else if (value instanceof Attribute.Entries entries) {
            dictionary(entries.byName(), out);
        } else if (value instanceof Attribute.OfType type) {
            out.append(type.type());
        } else if (value instanceof Attribute.Unit) {
            out.append("unit");
        } else {
            throw new IllegalArgumentException("an attribute cannot be written as text: " + value);
        }
    }

    /** Appends {@code array<i64: 1, 2>}. */
    static void integers(Attribute.Ints numbers, StringBuilder out) {
        out.append("array<i64");
        for (int i = 0; i < numbers.values().size(); i++) {
            out.append(i == 0 ? ": " : ", ").append(numbers.values().get(i));
        }
        out.append('>');
    }

    private static void items(Attribute.Items list, StringBuilder out) {
        out.append('[');
        for (Iterator<Attribute> items = list.items().iterator(); items.hasNext(); ) {
            value(items.next(), out);
            out.append(items.hasNext() ? ", " : "");
        }
        out.append(']');
    }

    /** Appends a text in quotes; what is not printable ASCII is two hexadecimal digits for each byte of UTF-8. */
    static void text(String text, StringBuilder out) {
        out.append('"');
        for (byte letter : text.getBytes(StandardCharsets.UTF_8)) {
            if (letter >= ' ' && letter <= '~' && letter != '"' && letter != '\\') {
                out.append((char) letter);
            } else {
                out.append('\\').append(HEXADECIMAL.charAt(letter >> 4 & 15)).append(HEXADECIMAL.charAt(letter & 15));
            }
        }
        out.append('"');
    }
}
