package io.portolan.checkpoints.numpy;

import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.Quotation;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The dictionary at the head of a {@code .npy} file, such as
 * <code>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (3, 4), }</code>. It is a Python literal, but only this
 * form is read: the three keys in any order, each once, with a string, a boolean and a tuple of integers.
 */
final class NpyHeader {
    private static final int MOST_DIGITS = 18;

    /** Stands for the type of objects and of texts. */
    private static final DType NO_DTYPE = new DType(ElementType.UINT8, ByteOrder.LITTLE_ENDIAN);

    /** Types whose meaning numpy does not know, of which one or two bytes may be a type of ml_dtypes. */
    private static final Pattern VOID = Pattern.compile("[<|]V([12])");

    /** Objects, with the size of a pointer or without. */
    private static final Pattern OBJECTS = Pattern.compile("\\|O[48]?");

    private final String name;
    private final String text;
    private final VoidTypes voidTypes;
    private boolean holdsObjects;
    private Optional<TextType> texts = Optional.empty();
    private int position;
    private DType dtype;
    private Boolean fortranOrder;
    private long[] shape;

    private NpyHeader(String name, String text, VoidTypes voidTypes) {
        this.name = name;
        this.text = text;
        this.voidTypes = voidTypes;
    }

    static NpyHeader parse(String name, String text, VoidTypes voidTypes) throws CheckpointException {
        NpyHeader header = new NpyHeader(name, text, voidTypes);
        header.dictionary();
        return header;
    }

    boolean holdsObjects() {
        return holdsObjects;
    }

    /** The type of the elements if they are texts. */
    Optional<TextType> texts() {
        return texts;
    }

    /** The type of the elements; undefined for objects and texts. */
    DType dtype() {
        return dtype;
    }

    long[] shape() {
        return shape;
    }

    boolean isFortranOrder() {
        return fortranOrder;
    }

    ArrayLayout layout() {
        return fortranOrder ? ArrayLayout.columnMajor(shape) : ArrayLayout.rowMajor(shape);
    }

    private void dictionary() throws CheckpointException {
        require('{');
        while (!accept('}')) {
            String key = string();
            require(':');
            switch (key) {
                case "descr" -> dtype = once(key, dtype, description());
                case "fortran_order" -> fortranOrder = once(key, fortranOrder, truth());
                case "shape" -> shape = once(key, shape, tuple());
                default -> throw error("key " + Quotation.of(key), "descr, fortran_order and shape only");
            }
            if (!accept(',')) {
                require('}');
                break;
            }
        }
        if (!atEnd()) {
            throw error("text after the dictionary", "nothing but blanks");
        }
        if (dtype == null || fortranOrder == null || shape == null) {
            throw error("a key is missing", "descr, fortran_order and shape");
        }
    }

    private <T> T once(String key, T earlier, T value) throws CheckpointException {
        if (earlier != null) {
            throw error("key " + key + " is repeated", "each key once");
        }
        return value;
    }

    private DType description() throws CheckpointException {
        String description = string();
        holdsObjects = OBJECTS.matcher(description).matches();
        texts = TextType.parse(description);
        if (holdsObjects || texts.isPresent()) {
            return NO_DTYPE;
        }
        Matcher untyped = VOID.matcher(description);
        if (untyped.matches()) {
            return new DType(voidType(description, Integer.parseInt(untyped.group(1))), ByteOrder.LITTLE_ENDIAN);
        }
        return DType.parse(description)
                .orElseThrow(() -> error(
                        "element type " + Quotation.of(description),
                        "a number type such as '<f4' (records and dates are not read)"));
    }

    private ElementType voidType(String description, int bytes) throws VoidTypeException {
        return voidTypes
                .ofSize(bytes)
                .orElseThrow(() -> new VoidTypeException(
                        name + ": elements of type " + Quotation.of(description) + ", as numpy writes "
                                + (bytes == 1 ? "the types of ml_dtypes of one byte" : "bfloat16")
                                + ": expected to be told their type, which the file does not state",
                        bytes));
    }

    private boolean truth() throws CheckpointException {
        skipBlanks();
        for (boolean value : new boolean[] {true, false}) {
            String word = value ? "True" : "False";
            if (text.startsWith(word, position)) {
                position += word.length();
                return value;
            }
        }
        throw error("fortran_order is no truth value", "True or False");
    }

    private long[] tuple() throws CheckpointException {
        List<Long> values = new ArrayList<>();
        require('(');
        while (!accept(')')) {
            values.add(integer());
            if (values.size() > ArrayLayout.MAX_RANK) {
                throw error("more than " + ArrayLayout.MAX_RANK + " axes", "at most as many");
            }
            if (!accept(',')) {
                require(')');
                break;
            }
        }
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private long integer() throws CheckpointException {
        skipBlanks();
        int start = position;
        while (position < text.length() && text.charAt(position) >= '0' && text.charAt(position) <= '9') {
            position++;
        }
        if (position == start || position - start > MOST_DIGITS) {
            throw error("shape holds no usable integer", "1 to " + MOST_DIGITS + " digits");
        }
        return Long.parseLong(text, start, position, 10);
    }

    private String string() throws CheckpointException {
        skipBlanks();
        char quote = position < text.length() ? text.charAt(position) : 0;
        int end = text.indexOf(quote, position + 1);
        if (quote != '\'' && quote != '"' || end < 0) {
            throw error("no string in quotes", "a key or element type in quotes");
        }
        String value = text.substring(position + 1, end);
        position = end + 1;
        return value;
    }

    private void require(char wanted) throws CheckpointException {
        if (!accept(wanted)) {
            throw error(
                    atEnd() ? "it ends early" : "stray " + Quotation.of(text.substring(position, position + 1)),
                    "'" + wanted + "'");
        }
    }

    private boolean accept(char wanted) {
        if (atEnd() || text.charAt(position) != wanted) {
            return false;
        }
        position++;
        return true;
    }

    private boolean atEnd() {
        skipBlanks();
        return position == text.length();
    }

    private void skipBlanks() {
        while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
    }

    private CheckpointException error(String problem, String expectation) {
        return new CheckpointException(name + ": malformed .npy header, " + problem + " at character " + position
                + ": expected " + expectation);
    }
}
