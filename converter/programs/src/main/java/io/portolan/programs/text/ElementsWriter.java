package io.portolan.programs.text;

import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Elements;
import io.portolan.programs.stablehlo.TensorType;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * Writes the elements of constants so that every version of MLIR reads the same: floats and complex numbers as hexadecimal bytes,
 * integers as decimal numbers, booleans as words, because versions differ in how they store them in bytes.
 */
final class ElementsWriter {
    private static final HexFormat HEXADECIMAL = HexFormat.of().withUpperCase();

    private ElementsWriter() {}

    /** Appends {@code dense<…> : type}. */
    static void dense(Elements elements, StringBuilder out) {
        TensorType type = elements.type();
        out.append("dense<");
        if (elements.held() > 0) {
            content(elements, out);
        }
        out.append("> : ").append(type);
    }

    private static void content(Elements elements, StringBuilder out) {
        TensorType type = elements.type();
        if (type.element().isFloat() || type.element().isComplex()) {
            hexadecimal(elements.bytes(), out);
        } else if (elements.held() == 1 && type.count() != 1 || type.rank() == 0) {
            number(elements, 0, out);
        } else {
            lists(elements, out);
        }
    }

    /** Appends {@code array<i64: 1, 2>} with the numbers of a list of one axis. */
    static void array(Elements elements, StringBuilder out) {
        out.append("array<").append(elements.type().element());
        for (int i = 0; i < elements.type().count(); i++) {
            out.append(i == 0 ? ": " : ", ");
            number(elements, i, out);
        }
        out.append('>');
    }

    private static void hexadecimal(ByteBuffer bytes, StringBuilder out) {
        out.append("\"0x");
        while (bytes.hasRemaining()) {
            HEXADECIMAL.toHexDigits(out, bytes.get());
        }
        out.append('"');
    }

    /** Lists in lists: a bracket for each axis that begins or ends at an element. */
    private static void lists(Elements elements, StringBuilder out) {
        TensorType type = elements.type();
        int count = elements.held();
        for (int i = 0; i < count; i++) {
            out.append(i == 0 ? "" : ", ");
            out.append("[".repeat(boundaries(type, i)));
            number(elements, i, out);
            out.append("]".repeat(boundaries(type, i + 1)));
        }
    }

    /** How many axes begin anew at an element. */
    private static int boundaries(TensorType type, long element) {
        int axes = 0;
        long block = 1;
        for (int axis = type.rank() - 1; axis >= 0; axis--) {
            block *= type.dim(axis);
            if (element % block == 0) {
                axes++;
            }
        }
        return axes;
    }

    private static void number(Elements elements, int index, StringBuilder out) {
        ElementType type = elements.type().element();
        long number = elements.longAt(index);
        switch (type.kind()) {
            case BOOLEAN -> out.append(number != 0);
            case UNSIGNED -> out.append(Long.toUnsignedString(number));
            default -> out.append(number);
        }
    }
}
