package io.portolan.checkpoints.values;

/**
 * A binary floating-point format of at most 16 bits: sign, exponent and mantissa, from the highest bit down.
 *
 * @param exponentBits the width of the exponent
 * @param mantissaBits the width of the mantissa without its hidden bit
 * @param bias what is added to the exponent
 * @param special which bits stand for infinities and NaN
 */
record SmallFloat(int exponentBits, int mantissaBits, int bias, Special special) {

    /** Which bits do not stand for a number. */
    enum Special {
        /** As in IEEE 754: the largest exponent stands for infinities and NaN. */
        IEEE,
        /** Only the largest exponent with the largest mantissa, of either sign, is NaN; there are no infinities. */
        LARGEST_IS_NAN,
        /** Only what would be negative zero is NaN; there are no infinities. */
        NEGATIVE_ZERO_IS_NAN,
        /** Every pattern is a number. */
        NONE
    }

    /** The value of the lowest {@link #bits()} bits; higher bits are ignored. */
    double decode(int bits) {
        int magnitude = bits & (1 << exponentBits + mantissaBits) - 1;
        boolean isNegative = (bits >> exponentBits + mantissaBits & 1) != 0;
        int exponent = magnitude >> mantissaBits;
        int mantissa = magnitude & (1 << mantissaBits) - 1;
        boolean isLargestExponent = exponent == (1 << exponentBits) - 1;
        boolean isLargest = magnitude == (1 << exponentBits + mantissaBits) - 1;
        boolean isNan = switch (special) {
            case IEEE -> isLargestExponent && mantissa != 0;
            case LARGEST_IS_NAN -> isLargest;
            case NEGATIVE_ZERO_IS_NAN -> isNegative && magnitude == 0;
            case NONE -> false;
        };
        if (isNan) {
            return Double.NaN;
        }
        double value;
        if (special == Special.IEEE && isLargestExponent) {
            value = Double.POSITIVE_INFINITY;
        } else if (exponent == 0) {
            value = Math.scalb((double) mantissa, 1 - bias - mantissaBits);
        } else {
            value = Math.scalb((double) (mantissa | 1 << mantissaBits), exponent - bias - mantissaBits);
        }
        return isNegative ? -value : value;
    }

    /** The width of the format in bits. */
    int bits() {
        return 1 + exponentBits + mantissaBits;
    }
}
