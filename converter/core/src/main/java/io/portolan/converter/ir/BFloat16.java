package io.portolan.converter.ir;

/** Conversion to and from bfloat16, the upper half of a float32. */
final class BFloat16 {
    private static final int QUIET = 0x40;

    private BFloat16() {}

    /** The bits of the nearest bfloat16 number, ties to even. */
    static short of(float number) {
        int bits = Float.floatToRawIntBits(number);
        if (Float.isNaN(number)) {
            return (short) (bits >>> 16 | QUIET);
        }
        int isOdd = bits >>> 16 & 1;
        return (short) (bits + 0x7fff + isOdd >>> 16);
    }

    /** The number that the bits represent, exactly. */
    static float toFloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }
}
