package io.portolan.converter.ir;

/** Conversion to and from IEEE 754 binary16, which Java has only from release 20 on. */
public final class Float16 {
    private static final int SIGN = 0x8000;
    private static final int INFINITY = 0x7c00;
    private static final int NAN = 0x7e00;

    /** The differences to float32: 13 bits of the significand, and 112 in the bias of the exponent. */
    private static final int FEWER_BITS = 13;

    private static final int BIAS = 112 << 23;

    /** The spacing of subnormal numbers. */
    private static final float SMALLEST = 0x1p-24f;

    private static final float SMALLEST_NORMAL = 0x1p-14f;
    private static final float BEYOND = 0x1p16f;

    private Float16() {}

    /** The bits of the nearest binary16 number, ties to even; infinity from 65520 on. */
    public static short of(float number) {
        float size = Math.abs(number);
        int sign = Float.floatToRawIntBits(number) >>> 16 & SIGN;
        return (short) (sign
                | (Float.isNaN(number)
                        ? NAN
                        : size >= BEYOND
                                ? INFINITY
                                : size < SMALLEST_NORMAL
                                        ? (int) Math.rint(size / SMALLEST)
                                        : rounded(Float.floatToRawIntBits(size) - BIAS)));
    }

    /** Rounds to nearest; a carry into the exponent gives the next power of two, or infinity. */
    private static int rounded(int bits) {
        int half = (1 << FEWER_BITS - 1) - 1;
        int isOdd = bits >>> FEWER_BITS & 1;
        return bits + half + isOdd >>> FEWER_BITS;
    }

    /** The number that the bits represent, exactly. */
    public static float toFloat(short bits) {
        int size = bits & ~SIGN & 0xffff;
        float number = size > INFINITY
                ? Float.NaN
                : size == INFINITY
                        ? Float.POSITIVE_INFINITY
                        : size < 1 << 10 ? size * SMALLEST : Float.intBitsToFloat((size << FEWER_BITS) + BIAS);
        return (bits & SIGN) == 0 ? number : -number;
    }
}
