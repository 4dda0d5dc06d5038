package io.portolan.converter.lowering;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;

/** Functions that ONNX lacks, composed of those it has such that accuracy is kept where the plain formula loses it. */
public final class SpecialFunctions {
    private SpecialFunctions() {}

    /**
     * exp(x) - 1. Near 0, where the subtraction would cancel, it is 2t / (1 - t) with t = tanh(x/2); t is exact to
     * rounding there. Beyond, t nears 1 and the plain form is the accurate one.
     */
    public static Value expm1(GraphBuilder b, Value x) {
        Value one = b.like(x, 1);
        Value t = b.apply(StandardOp.TANH, b.mul(x, b.like(x, 0.5)));
        Value near = b.div(b.add(t, t), b.sub(one, t));
        Value far = b.sub(b.apply(StandardOp.EXP, x), one);
        return b.where(isSmall(b, x, one), near, far);
    }

    /**
     * log(1 + x). Near 0 the rounding of u = 1 + x is undone by the factor x / (u - 1), which is exact for the u that
     * was rounded to (Kahan's method).
     */
    public static Value log1p(GraphBuilder b, Value x) {
        Value one = b.like(x, 1);
        Value u = b.add(one, x);
        Value logarithm = b.apply(StandardOp.LOG, u);
        Value corrected = b.mul(logarithm, b.div(x, b.sub(u, one)));
        Value near = b.where(b.apply(StandardOp.EQUAL, u, one), x, corrected);
        return b.where(isSmall(b, x, one), near, logarithm);
    }

    /** The nearest integer; halves are rounded away from 0, where ONNX rounds them to even numbers. */
    public static Value roundAway(GraphBuilder b, Value x) {
        Value size = b.apply(StandardOp.FLOOR, b.add(b.apply(StandardOp.ABS, x), b.like(x, 0.5)));
        return b.mul(b.apply(StandardOp.SIGN, x), size);
    }

    private static Value isSmall(GraphBuilder b, Value x, Value bound) {
        return b.apply(StandardOp.LESS, b.apply(StandardOp.ABS, x), bound);
    }

    /**
     * The angle of the point (x, y), from the arc tangent of the smaller over the larger coordinate, a number in
     * [0, 1], unfolded into the octant of the point. The quotient of coordinates of equal absolute value, including zeros and
     * infinities, is never used; signed zeros are handled as in C's atan2.
     */
    public static Value atan2(GraphBuilder b, Value y, Value x) {
        Value absX = b.apply(StandardOp.ABS, x);
        Value absY = b.apply(StandardOp.ABS, y);
        Value larger = b.apply(StandardOp.MAX, absX, absY);
        Value smaller = b.apply(StandardOp.MIN, absX, absY);
        Value ratio = ratio(b, smaller, larger);
        Value folded = Trigonometry.atanOfFraction(b, ratio);
        Value steep = b.apply(StandardOp.GREATER, absY, absX);
        Value quadrant = b.where(steep, b.sub(b.like(x, Math.PI / 2), folded), folded);
        Value half = b.where(isNegative(b, x), b.sub(b.like(x, Math.PI), quadrant), quadrant);
        return b.where(isNegative(b, y), b.neg(half), half);
    }

    /**
     * The smaller of two absolute values over the larger one: 0 for two zeros and 1 for two infinities, whose quotient is not a number.
     */
    static Value ratio(GraphBuilder b, Value smaller, Value larger) {
        return b.where(
                b.apply(StandardOp.EQUAL, smaller, larger), b.apply(StandardOp.SIGN, larger), b.div(smaller, larger));
    }

    /** Whether the sign bit is set: also for -0, whose reciprocal is negative while it compares equal to 0. */
    private static Value isNegative(GraphBuilder b, Value x) {
        return b.apply(StandardOp.LESS, b.add(x, b.apply(StandardOp.RECIPROCAL, x)), b.like(x, 0));
    }
}
