package io.portolan.programs.text;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Quotation;
import java.math.BigInteger;

/** Reads numbers as the bits of their type. */
final class NumberText {
    private NumberText() {}

    /** The next number or truth value. */
    static long bits(TextCursor in, ElementType type) throws ProgramException {
        if (in.takeWord("true")) {
            return truth(in, 1, type);
        }
        if (in.takeWord("false")) {
            return truth(in, 0, type);
        }
        int from = in.position();
        String number = in.number();
        try {
            return bits(number, type);
        } catch (IllegalArgumentException refused) {
            throw in.faultAt(from, refused.getMessage());
        }
    }

    private static long truth(TextCursor in, long value, ElementType type) throws ProgramException {
        if (type != ElementType.I1) {
            throw in.fault("expected a number of type " + type + ", got a truth value");
        }
        return value;
    }

    /**
     * The bits of a number; hexadecimal digits are those of a float itself.
     *
     * @throws IllegalArgumentException if the type has no such number
     */
    static long bits(String number, ElementType type) {
        if (type.isFloat()) {
            return isHexadecimal(number)
                    ? integer(number, type.bits(), false)
                    : FloatFormat.bits(decimal(number), type);
        }
        if (type.isComplex()) {
            throw new IllegalArgumentException("expected a pair of numbers of type " + type);
        }
        return integer(number, type.bits(), type.kind() == ElementType.Kind.SIGNED);
    }

    static boolean isHexadecimal(String number) {
        return number.startsWith("0x") || number.startsWith("-0x");
    }

    private static double decimal(String number) {
        return Double.parseDouble(number);
    }

    /** An integer of so many bits; types without a sign in MLIR are written either way. */
    private static long integer(String number, int bits, boolean isSigned) {
        BigInteger value;
        try {
            value = isHexadecimal(number) ? new BigInteger(number.replace("0x", ""), 16) : new BigInteger(number);
        } catch (NumberFormatException refused) {
            throw new IllegalArgumentException("expected an integer, got " + Quotation.of(number), refused);
        }
        boolean fits = value.signum() < 0 ? isSigned && value.bitLength() < bits : value.bitLength() <= bits;
        if (!fits) {
            throw new IllegalArgumentException("the number " + number + " does not fit into " + bits + " bits");
        }
        return value.longValue() & -1L >>> Long.SIZE - bits;
    }
}
