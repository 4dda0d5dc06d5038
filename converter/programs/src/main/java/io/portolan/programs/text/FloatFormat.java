package io.portolan.programs.text;

import io.portolan.programs.stablehlo.ElementType;
import java.util.Map;

/**
 * A binary floating-point format of up to 16 bits.
 *
 * @param exponentBits the width of the exponent
 * @param mantissaBits the width of the mantissa without its hidden bit
 * @param bias what is added to the exponent
 * @param isFinite whether the largest exponent stands for numbers, all mantissas or all but the last, instead of infinities
 * @param hasNegativeZero whether zero has a sign
 */
record FloatFormat(int exponentBits, int mantissaBits, int bias, boolean isFinite, boolean hasNegativeZero) {
    private static final Map<ElementType, FloatFormat> BY_TYPE = Map.ofEntries(
            Map.entry(ElementType.F16, new FloatFormat(5, 10, 15, false, true)),
            Map.entry(ElementType.BF16, new FloatFormat(8, 7, 127, false, true)),
            Map.entry(ElementType.F8E5M2, new FloatFormat(5, 2, 15, false, true)),
            Map.entry(ElementType.F8E4M3, new FloatFormat(4, 3, 7, false, true)),
            Map.entry(ElementType.F8E3M4, new FloatFormat(3, 4, 3, false, true)),
            Map.entry(ElementType.F8E4M3FN, new FloatFormat(4, 3, 7, true, true)),
            Map.entry(ElementType.F8E5M2FNUZ, new FloatFormat(5, 2, 16, true, false)),
            Map.entry(ElementType.F8E4M3FNUZ, new FloatFormat(4, 3, 8, true, false)),
            Map.entry(ElementType.F8E4M3B11FNUZ, new FloatFormat(4, 3, 11, true, false)),
            Map.entry(ElementType.F4E2M1FN, new FloatFormat(2, 1, 1, true, true)),
            Map.entry(ElementType.F6E2M3FN, new FloatFormat(2, 3, 1, true, true)),
            Map.entry(ElementType.F6E3M2FN, new FloatFormat(3, 2, 3, true, true)));

    private static final int E8M0_BIAS = 127;
    private static final int E8M0_LARGEST = 254;

    /**
     * The bits of the number of a type that is nearest, ties to even.
     *
     * @throws IllegalArgumentException if the type is no float, or has no such number
     */
    static long bits(double number, ElementType type) {
        return switch (type) {
            case F64 -> Double.doubleToRawLongBits(checked(number, number, type));
            case F32 -> Integer.toUnsignedLong(Float.floatToRawIntBits((float) checked(number, (float) number, type)));
            case F8E8M0FNU -> powerOfTwo(number);
            default -> {
                FloatFormat format = BY_TYPE.get(type);
                if (format == null) {
                    throw new IllegalArgumentException("expected a number of type " + type + ", got " + number);
                }
                yield format.encode(number, type);
            }
        };
    }

    private static double checked(double number, double rounded, ElementType type) {
        if (Double.isInfinite(rounded)) {
            throw new IllegalArgumentException("the number " + number + " is too large for the type " + type);
        }
        return number;
    }

    private static long powerOfTwo(double number) {
        long bits = number > 0 ? Math.getExponent(number) + E8M0_BIAS : -1;
        if (bits < 0 || bits > E8M0_LARGEST || Math.scalb(1.0, Math.getExponent(number)) != number) {
            throw new IllegalArgumentException("expected a power of two, got " + number);
        }
        return bits;
    }

    private long encode(double number, ElementType type) {
        boolean isNegative = Double.doubleToRawLongBits(number) < 0;
        int exponent = Math.max(Math.getExponent(number), 1 - bias);
        long mantissa = (long) Math.rint(Math.scalb(Math.abs(number), mantissaBits - exponent));
        // A subnormal number has the exponent of the smallest normal ones, and a mantissa without the hidden bit.
        long bits = mantissa + ((long) (exponent + bias - 1) << mantissaBits);
        long infinity = ((1L << exponentBits) - 1) << mantissaBits;
        long largest =
                isFinite ? (1L << exponentBits + mantissaBits) - (hasNegativeZero && hasNan(type) ? 2 : 1) : infinity;
        if (bits > largest) {
            throw new IllegalArgumentException("the number " + number + " is too large for the type " + type);
        }
        boolean isSigned = isNegative && (hasNegativeZero || bits != 0);
        return isSigned ? bits | 1L << exponentBits + mantissaBits : bits;
    }

    /** The formats of 4 and 6 bits have neither infinities nor NaN. */
    private static boolean hasNan(ElementType type) {
        return type.bits() == Byte.SIZE;
    }
}
