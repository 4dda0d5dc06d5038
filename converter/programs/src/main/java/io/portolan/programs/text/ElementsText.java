package io.portolan.programs.text;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Elements;
import io.portolan.programs.stablehlo.TensorType;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads the elements of constants: {@code dense<…>} with one element for all, lists in lists, or bytes in hexadecimal digits; and
 * {@code array<…>}. Memory is taken for what the text holds, not for what its type claims.
 */
final class ElementsText {
    private static final byte ALL_TRUE = (byte) 0xFF;
    private static final int FIRST_CAPACITY = 64;
    private static final int DIGIT_RADIX = 16;

    private final TextCursor in;
    private final TypeText types;

    ElementsText(TextCursor in, TypeText types) {
        this.in = in;
        this.types = types;
    }

    /** What follows the word {@code dense}: the elements, a colon, and the type. */
    Elements dense() throws ProgramException {
        int from = in.position();
        in.skipBalanced();
        in.expect(":");
        if (!(types.type() instanceof TensorType type) || !type.isStatic()) {
            throw in.fault("a constant has a type of unknown sizes, expected known ones");
        }
        int end = in.position();
        in.moveTo(from);
        in.expect("<");
        Elements elements = elements(type, from);
        in.expect(">");
        in.moveTo(end);
        return elements;
    }

    /** What follows the word {@code array}: {@code <i64: 1, 2>}. */
    Elements array() throws ProgramException {
        int from = in.position();
        in.expect("<");
        ElementType element = types.element().orElseThrow(() -> in.unexpected("an element type"));
        Packed packed = new Packed(element);
        if (in.take(":")) {
            do {
                packed.addNext();
            } while (in.take(","));
        }
        in.expect(">");
        return wrap(TensorType.of(element, packed.count()), packed.bytes(), from);
    }

    private Elements elements(TensorType type, int from) throws ProgramException {
        return switch (in.peek()) {
            case '"' -> wrap(type, raw(type), from);
            case '>' -> wrap(type, ByteBuffer.allocate(0), from);
            case '[' -> nested(type, from);
            default -> {
                Packed one = new Packed(type.element());
                one.addNext();
                yield wrap(type, type.count() == 0 ? ByteBuffer.allocate(0) : one.bytes(), from);
            }
        };
    }

    /** Lists in lists, whose lengths must be the sizes of the type. */
    private Elements nested(TensorType type, int from) throws ProgramException {
        Packed packed = new Packed(type.element());
        long[] found = new long[type.rank()];
        int depth = 0;
        while (true) {
            if (in.take("[")) {
                if (depth == type.rank()) {
                    throw in.fault("lists are nested deeper than the axes of " + type);
                }
                found[depth++] = 0;
                if (in.peek() != ']') {
                    continue;
                }
            } else if (depth < type.rank()) {
                throw in.unexpected("'['");
            } else {
                packed.addNext();
                found[depth - 1]++;
            }
            while (depth > 0 && in.take("]")) {
                depth--;
                if (found[depth] != type.dim(depth)) {
                    throw in.fault("a list has " + found[depth] + " items on axis " + depth + " of " + type);
                }
                if (depth > 0) {
                    found[depth - 1]++;
                }
            }
            if (depth == 0) {
                break;
            }
            in.expect(",");
        }
        return wrap(type, packed.bytes(), from);
    }

    private Elements wrap(TensorType type, ByteBuffer bytes, int from) throws ProgramException {
        try {
            return new Elements(type, bytes);
        } catch (IllegalArgumentException refused) {
            throw in.faultAt(from, refused.getMessage());
        } catch (ArithmeticException overflow) {
            throw in.faultAt(from, type + " has more elements than 63 bits count");
        }
    }

    /** Little-endian bytes, or booleans one byte or one bit each. */
    private ByteBuffer raw(TensorType type) throws ProgramException {
        int from = in.position();
        in.skipString();
        int digits = from + 3;
        int end = in.position() - 1;
        if (end < digits || in.byteAt(from + 1) != '0' || in.byteAt(from + 2) != 'x' || (end - digits) % 2 != 0) {
            throw in.faultAt(from, "expected elements, or bytes as 0x and pairs of hexadecimal digits");
        }
        byte[] bytes = new byte[(end - digits) / 2];
        for (int i = 0; i < bytes.length; i++) {
            int high = Character.digit(in.byteAt(digits + 2 * i), DIGIT_RADIX);
            int low = Character.digit(in.byteAt(digits + 2 * i + 1), DIGIT_RADIX);
            if (high < 0 || low < 0) {
                throw in.faultAt(digits + 2 * i, "expected two hexadecimal digits");
            }
            bytes[i] = (byte) (high << 4 | low);
        }
        return type.element() == ElementType.I1 ? booleans(bytes, type, from) : ByteBuffer.wrap(bytes);
    }

    /** MLIR wrote booleans as bits until 2025 and as bytes since. A single byte for several elements means other things to each. */
    private ByteBuffer booleans(byte[] bytes, TensorType type, int from) throws ProgramException {
        long count = count(type, from);
        if (bytes.length == 1 && (bytes[0] == ALL_TRUE || bytes[0] == 0)) {
            return ByteBuffer.wrap(new byte[] {(byte) (bytes[0] & 1)});
        }
        if (bytes.length == 1 && count > 1) {
            throw in.faultAt(
                    from, "a single byte for " + count + " booleans is ambiguous, expected a list of true and false");
        }
        if (bytes.length != count && bytes.length == count / Byte.SIZE + (count % Byte.SIZE == 0 ? 0 : 1)) {
            byte[] unpacked = new byte[Math.toIntExact(count)];
            for (int i = 0; i < unpacked.length; i++) {
                unpacked[i] = (byte) (bytes[i / Byte.SIZE] >> i % Byte.SIZE & 1);
            }
            return ByteBuffer.wrap(unpacked);
        }
        for (byte each : bytes) {
            if (each != 0 && each != 1) {
                throw in.faultAt(from, "a boolean of a " + type + " is stored as " + each + ", expected 0 or 1");
            }
        }
        return ByteBuffer.wrap(bytes);
    }

    private long count(TensorType type, int from) throws ProgramException {
        try {
            return type.count();
        } catch (ArithmeticException overflow) {
            throw in.faultAt(from, type + " has more elements than 63 bits count");
        }
    }

    /** Elements as little-endian bytes, in memory that grows with them. */
    private final class Packed {
        private final ElementType element;
        private byte[] bytes = new byte[FIRST_CAPACITY];
        private int length;

        Packed(ElementType element) {
            this.element = element;
        }

        void addNext() throws ProgramException {
            if (element.isComplex()) {
                in.expect("(");
                add(NumberText.bits(in, element.part()), element.part().bytes());
                in.expect(",");
                add(NumberText.bits(in, element.part()), element.part().bytes());
                in.expect(")");
            } else {
                add(NumberText.bits(in, element), element.bytes());
            }
        }

        private void add(long bits, int width) {
            if (length + width > bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * bytes.length);
            }
            for (int i = 0; i < width; i++) {
                bytes[length++] = (byte) (bits >>> Byte.SIZE * i);
            }
        }

        int count() {
            return length / element.bytes();
        }

        ByteBuffer bytes() {
            return ByteBuffer.wrap(bytes, 0, length);
        }
    }
}
