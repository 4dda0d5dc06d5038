package io.portolan.converter.lowering;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import java.util.function.BinaryOperator;

/** Arithmetic on pairs of real and imaginary part. */
public final class ComplexArithmetic {
    private ComplexArithmetic() {}

    /** Any product that distributes over sums: elementwise or of matrices. */
    public static ComplexValue bilinear(GraphBuilder b, BinaryOperator<Value> product, ComplexValue x, ComplexValue y) {
        Value re = b.sub(product.apply(x.re(), y.re()), product.apply(x.im(), y.im()));
        Value im = b.add(product.apply(x.re(), y.im()), product.apply(x.im(), y.re()));
        return new ComplexValue(re, im);
    }

    public static ComplexValue multiply(GraphBuilder b, ComplexValue x, ComplexValue y) {
        return bilinear(b, b::mul, x, y);
    }

    public static ComplexValue divide(GraphBuilder b, ComplexValue x, ComplexValue y) {
        return multiply(b, x, reciprocal(b, y));
    }

    /** The quotient, and 0 where the divisor is 0. */
    public static ComplexValue divNoNan(GraphBuilder b, ComplexValue x, ComplexValue y) {
        Value larger = largerPart(b, y);
        Value isZero = b.apply(StandardOp.EQUAL, larger, b.like(larger, 0));
        ComplexValue quotient = divide(b, x, y);
        Value zero = b.like(larger, 0);
        return new ComplexValue(b.where(isZero, zero, quotient.re()), b.where(isZero, zero, quotient.im()));
    }

    public static ComplexValue square(GraphBuilder b, ComplexValue x) {
        return multiply(b, x, x);
    }

    /** The conjugate of the difference times the difference, as TensorFlow defines it. */
    public static ComplexValue squaredDifference(GraphBuilder b, ComplexValue x, ComplexValue y) {
        ComplexValue difference = new ComplexValue(b.sub(x.re(), y.re()), b.sub(x.im(), y.im()));
        return multiply(b, conjugate(b, difference), difference);
    }

    /** The conjugate over the squared absolute value, after scaling by the larger part, which keeps the square in range. */
    public static ComplexValue reciprocal(GraphBuilder b, ComplexValue x) {
        Value scale = largerPart(b, x);
        Value re = b.div(x.re(), scale);
        Value im = b.div(x.im(), scale);
        Value size = b.mul(scale, b.add(b.mul(re, re), b.mul(im, im)));
        return new ComplexValue(b.div(re, size), b.neg(b.div(im, size)));
    }

    public static ComplexValue exp(GraphBuilder b, ComplexValue x) {
        Value size = b.apply(StandardOp.EXP, x.re());
        return new ComplexValue(
                b.mul(size, b.apply(StandardOp.COS, x.im())), b.mul(size, b.apply(StandardOp.SIN, x.im())));
    }

    /** The principal logarithm: the logarithm of the absolute value, and the angle. */
    public static ComplexValue log(GraphBuilder b, ComplexValue x) {
        return new ComplexValue(b.apply(StandardOp.LOG, abs(b, x)), SpecialFunctions.atan2(b, x.im(), x.re()));
    }

    /**
     * The principal root. The larger of its parts is a root of a sum without cancellation, the smaller one half the imaginary
     * part over the larger; which of them is the real part depends on the sign of the argument's real part.
     */
    public static ComplexValue sqrt(GraphBuilder b, ComplexValue x) {
        Value zero = b.like(x.re(), 0);
        Value half = b.like(x.re(), 0.5);
        Value larger = b.apply(StandardOp.SQRT, b.mul(half, b.add(abs(b, x), b.apply(StandardOp.ABS, x.re()))));
        Value isZero = b.apply(StandardOp.EQUAL, larger, zero);
        Value halfOther = b.mul(half, b.apply(StandardOp.ABS, x.im()));
        Value smaller = b.where(isZero, zero, b.div(halfOther, b.where(isZero, b.like(half, 1), larger)));
        Value leansLeft = b.apply(StandardOp.LESS, x.re(), zero);
        Value im = b.where(leansLeft, larger, smaller);
        Value below = b.apply(StandardOp.LESS, x.im(), zero);
        return new ComplexValue(b.where(leansLeft, smaller, larger), b.where(below, b.neg(im), im));
    }

    /** By exponential and logarithm; of 0 only the powers with positive real part exist, and are 0. */
    public static ComplexValue power(GraphBuilder b, ComplexValue x, ComplexValue y) {
        Value larger = largerPart(b, x);
        Value isZero = b.apply(StandardOp.EQUAL, larger, b.like(larger, 0));
        Value one = b.like(larger, 1);
        ComplexValue base = new ComplexValue(b.where(isZero, one, x.re()), x.im());
        ComplexValue result = exp(b, multiply(b, y, log(b, base)));
        Value zero = b.like(larger, 0);
        return new ComplexValue(b.where(isZero, zero, result.re()), b.where(isZero, zero, result.im()));
    }

    /** The number divided by its absolute value; 0 for 0. */
    public static ComplexValue sign(GraphBuilder b, ComplexValue x) {
        Value size = abs(b, x);
        Value scale = b.where(b.apply(StandardOp.EQUAL, size, b.like(size, 0)), b.like(size, 1), size);
        return new ComplexValue(b.div(x.re(), scale), b.div(x.im(), scale));
    }

    public static ComplexValue sin(GraphBuilder b, ComplexValue x) {
        return new ComplexValue(
                b.mul(b.apply(StandardOp.SIN, x.re()), Trigonometry.cosh(b, x.im())),
                b.mul(b.apply(StandardOp.COS, x.re()), Trigonometry.sinh(b, x.im())));
    }

    public static ComplexValue cos(GraphBuilder b, ComplexValue x) {
        return new ComplexValue(
                b.mul(b.apply(StandardOp.COS, x.re()), Trigonometry.cosh(b, x.im())),
                b.neg(b.mul(b.apply(StandardOp.SIN, x.re()), Trigonometry.sinh(b, x.im()))));
    }

    public static ComplexValue sinh(GraphBuilder b, ComplexValue x) {
        return new ComplexValue(
                b.mul(Trigonometry.sinh(b, x.re()), b.apply(StandardOp.COS, x.im())),
                b.mul(Trigonometry.cosh(b, x.re()), b.apply(StandardOp.SIN, x.im())));
    }

    public static ComplexValue cosh(GraphBuilder b, ComplexValue x) {
        return new ComplexValue(
                b.mul(Trigonometry.cosh(b, x.re()), b.apply(StandardOp.COS, x.im())),
                b.mul(Trigonometry.sinh(b, x.re()), b.apply(StandardOp.SIN, x.im())));
    }

    /** sin 2a + i sinh 2b over cos 2a + cosh 2b, for a + ib. */
    public static ComplexValue tan(GraphBuilder b, ComplexValue x) {
        Value turn = b.add(x.re(), x.re());
        Value growth = b.add(x.im(), x.im());
        Value size = b.add(b.apply(StandardOp.COS, turn), Trigonometry.cosh(b, growth));
        return new ComplexValue(b.div(b.apply(StandardOp.SIN, turn), size), b.div(Trigonometry.sinh(b, growth), size));
    }

    /** The tangent, rotated by a right angle. */
    public static ComplexValue tanh(GraphBuilder b, ComplexValue x) {
        ComplexValue turned = tan(b, new ComplexValue(b.neg(x.im()), x.re()));
        return new ComplexValue(turned.im(), b.neg(turned.re()));
    }

    /** (1 + tanh(x/2)) / 2. */
    public static ComplexValue sigmoid(GraphBuilder b, ComplexValue x) {
        Value half = b.like(x.re(), 0.5);
        ComplexValue t = tanh(b, new ComplexValue(b.mul(x.re(), half), b.mul(x.im(), half)));
        return new ComplexValue(b.add(half, b.mul(half, t.re())), b.mul(half, t.im()));
    }

    public static ComplexValue conjugate(GraphBuilder b, ComplexValue x) {
        return new ComplexValue(x.re(), b.neg(x.im()));
    }

    /** The absolute value, from the ratio of the parts: without overflow or underflow, 0 at the origin, and infinite where a part is. */
    public static Value abs(GraphBuilder b, ComplexValue x) {
        Value re = b.apply(StandardOp.ABS, x.re());
        Value im = b.apply(StandardOp.ABS, x.im());
        Value larger = b.apply(StandardOp.MAX, re, im);
        Value ratio = SpecialFunctions.ratio(b, b.apply(StandardOp.MIN, re, im), larger);
        return b.mul(larger, b.apply(StandardOp.SQRT, b.add(b.like(ratio, 1), b.mul(ratio, ratio))));
    }

    private static Value largerPart(GraphBuilder b, ComplexValue x) {
        return b.apply(StandardOp.MAX, b.apply(StandardOp.ABS, x.re()), b.apply(StandardOp.ABS, x.im()));
    }
}
