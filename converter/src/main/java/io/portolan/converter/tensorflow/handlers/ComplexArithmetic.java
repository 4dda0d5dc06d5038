package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.tensorflow.Imported.ComplexValue;
import java.util.function.BinaryOperator;

/** Arithmetic on pairs of real and imaginary part. */
final class ComplexArithmetic {
    private ComplexArithmetic() {}

    /** Any product that distributes over sums: elementwise or of matrices. */
    static ComplexValue bilinear(GraphBuilder b, BinaryOperator<Value> product, ComplexValue x, ComplexValue y) {
        Value re = b.sub(product.apply(x.re(), y.re()), product.apply(x.im(), y.im()));
        Value im = b.add(product.apply(x.re(), y.im()), product.apply(x.im(), y.re()));
        return new ComplexValue(re, im);
    }

    static ComplexValue multiply(GraphBuilder b, ComplexValue x, ComplexValue y) {
        return bilinear(b, b::mul, x, y);
    }

    static ComplexValue divide(GraphBuilder b, ComplexValue x, ComplexValue y) {
        return multiply(b, x, reciprocal(b, y));
    }

    static ComplexValue square(GraphBuilder b, ComplexValue x) {
        return multiply(b, x, x);
    }

    /** The conjugate over the squared size, after a scaling by the larger part that keeps the square in range. */
    static ComplexValue reciprocal(GraphBuilder b, ComplexValue x) {
        Value scale = largerPart(b, x);
        Value re = b.div(x.re(), scale);
        Value im = b.div(x.im(), scale);
        Value size = b.mul(scale, b.add(b.mul(re, re), b.mul(im, im)));
        return new ComplexValue(b.div(re, size), b.neg(b.div(im, size)));
    }

    static ComplexValue exp(GraphBuilder b, ComplexValue x) {
        Value size = b.apply(StandardOp.EXP, x.re());
        return new ComplexValue(b.mul(size, b.apply(StandardOp.COS, x.im())),
                b.mul(size, b.apply(StandardOp.SIN, x.im())));
    }

    static ComplexValue conjugate(GraphBuilder b, ComplexValue x) {
        return new ComplexValue(x.re(), b.neg(x.im()));
    }

    /** The size, computed from parts scaled by the larger one: neither overflow nor underflow, and 0 at the origin. */
    static Value abs(GraphBuilder b, ComplexValue x) {
        Value larger = largerPart(b, x);
        Value isZero = b.apply(StandardOp.EQUAL, larger, b.like(larger, 0));
        Value scale = b.where(isZero, b.like(larger, 1), larger);
        Value re = b.div(x.re(), scale);
        Value im = b.div(x.im(), scale);
        return b.mul(larger, b.apply(StandardOp.SQRT, b.add(b.mul(re, re), b.mul(im, im))));
    }

    private static Value largerPart(GraphBuilder b, ComplexValue x) {
        return b.apply(StandardOp.MAX, b.apply(StandardOp.ABS, x.re()), b.apply(StandardOp.ABS, x.im()));
    }
}
