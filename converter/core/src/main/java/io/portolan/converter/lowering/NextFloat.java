package io.portolan.converter.lowering;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;

/**
 * The float next to another, without its bits, which ONNX cannot read. Between half a unit in the last place and one and a half are added,
 * and rounding does the rest: a number times {@code 2^-(p+1) (1 + 2^-(p-1))}, p the bits of the fraction, is as much for any number.
 */
public final class NextFloat {
    private static final double FLOAT_STEP = 0x1p-24 * (1 + 0x1p-22);
    private static final double DOUBLE_STEP = 0x1p-53 * (1 + 0x1p-51);

    private NextFloat() {}

    /**
     * The next float after {@code x} towards {@code y}, element by element; {@code y} where they are equal, and NaN if one of them is.
     *
     * @throws IllegalArgumentException if the elements are not of 32 or 64 bits
     */
    public static Value after(GraphBuilder b, Value x, Value y) {
        boolean isDouble = x.element() == OnnxType.DOUBLE;
        if (!isDouble && x.element() != OnnxType.FLOAT) {
            throw new IllegalArgumentException("the next number of " + x.element() + " is not supported");
        }
        Value wide = b.cast(x, OnnxType.DOUBLE);
        Value size = b.mul(b.apply(StandardOp.ABS, wide), b.like(wide, isDouble ? DOUBLE_STEP : FLOAT_STEP));
        Value step = b.apply(StandardOp.MAX, size, b.like(wide, isDouble ? Double.MIN_VALUE : Float.MIN_VALUE));
        Value isUp = b.apply(StandardOp.GREATER, y, x);
        Value moved = b.cast(b.add(wide, b.where(isUp, step, b.neg(step))), x.element());
        double largest = isDouble ? Double.MAX_VALUE : Float.MAX_VALUE;
        Value isInfinite = b.apply(StandardOp.EQUAL, b.apply(StandardOp.ABS, x), b.like(x, Double.POSITIVE_INFINITY));
        Value finite = b.where(isUp, b.like(x, -largest), b.like(x, largest));
        Value next = b.where(isInfinite, finite, moved);
        Value isNan = b.apply(StandardOp.OR, b.apply(StandardOp.IS_NAN, x), b.apply(StandardOp.IS_NAN, y));
        Value orNan = b.where(isNan, b.like(x, Double.NaN), next);
        return b.where(b.apply(StandardOp.EQUAL, x, y), y, orNan);
    }
}
