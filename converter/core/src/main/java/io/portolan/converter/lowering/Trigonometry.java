package io.portolan.converter.lowering;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;

/**
 * Trigonometric and hyperbolic functions. For floats there are ONNX operators. For doubles, ONNX Runtime has only Sin, Cos and Tanh;
 * the others are composed of these, Exp and Log such that double precision is kept.
 */
public final class Trigonometry {
    private Trigonometry() {}

    private static boolean isDouble(Value x) {
        return x.element() == OnnxType.DOUBLE;
    }

    public static Value tan(GraphBuilder b, Value x) {
        return isDouble(x) ? b.div(b.apply(StandardOp.SIN, x), b.apply(StandardOp.COS, x)) : b.apply(StandardOp.TAN, x);
    }

    /** By e^x - 1, which is accurate near 0. */
    public static Value sinh(GraphBuilder b, Value x) {
        if (!isDouble(x)) {
            return b.apply(StandardOp.SINH, x);
        }
        Value u = SpecialFunctions.expm1(b, b.apply(StandardOp.ABS, x));
        Value half = b.like(x, 0.5);
        Value size = b.mul(half, b.add(u, b.div(u, b.add(u, b.like(x, 1)))));
        return b.mul(b.apply(StandardOp.SIGN, x), size);
    }

    public static Value cosh(GraphBuilder b, Value x) {
        if (!isDouble(x)) {
            return b.apply(StandardOp.COSH, x);
        }
        Value e = b.apply(StandardOp.EXP, b.apply(StandardOp.ABS, x));
        return b.mul(b.like(x, 0.5), b.add(e, b.apply(StandardOp.RECIPROCAL, e)));
    }

    public static Value asin(GraphBuilder b, Value x) {
        return isDouble(x) ? SpecialFunctions.atan2(b, x, cosineOf(b, x)) : b.apply(StandardOp.ASIN, x);
    }

    public static Value acos(GraphBuilder b, Value x) {
        return isDouble(x) ? SpecialFunctions.atan2(b, cosineOf(b, x), x) : b.apply(StandardOp.ACOS, x);
    }

    /** The cosine of a sine, or the reverse; as a product that does not cancel near 1. */
    private static Value cosineOf(GraphBuilder b, Value x) {
        Value one = b.like(x, 1);
        return b.apply(StandardOp.SQRT, b.mul(b.sub(one, x), b.add(one, x)));
    }

    public static Value atan(GraphBuilder b, Value x) {
        return isDouble(x) ? SpecialFunctions.atan2(b, x, b.like(x, 1)) : b.apply(StandardOp.ATAN, x);
    }

    /**
     * The arc tangent of a number in [0, 1]. For doubles the result of the float operator is corrected by the remaining angle,
     * which is so small that it equals its tangent.
     */
    public static Value atanOfFraction(GraphBuilder b, Value x) {
        if (!isDouble(x)) {
            return b.apply(StandardOp.ATAN, x);
        }
        Value near = b.cast(b.apply(StandardOp.ATAN, b.cast(x, OnnxType.FLOAT)), OnnxType.DOUBLE);
        Value sine = b.apply(StandardOp.SIN, near);
        Value cosine = b.apply(StandardOp.COS, near);
        return b.add(near, b.div(b.sub(b.mul(x, cosine), sine), b.add(cosine, b.mul(x, sine))));
    }

    /** sign(x) log1p(|x| + x² / (1 + sqrt(1 + x²))), which does not cancel. */
    public static Value asinh(GraphBuilder b, Value x) {
        Value one = b.like(x, 1);
        Value size = b.apply(StandardOp.ABS, x);
        Value square = b.mul(x, x);
        Value root = b.apply(StandardOp.SQRT, b.add(one, square));
        Value logarithm = SpecialFunctions.log1p(b, b.add(size, b.div(square, b.add(one, root))));
        return b.mul(b.apply(StandardOp.SIGN, x), logarithm);
    }

    /** log1p(t + sqrt(2t + t²)) for t = x - 1, which does not cancel near 1. */
    public static Value acosh(GraphBuilder b, Value x) {
        Value t = b.sub(x, b.like(x, 1));
        Value root = b.apply(StandardOp.SQRT, b.mul(t, b.add(t, b.like(x, 2))));
        return SpecialFunctions.log1p(b, b.add(t, root));
    }

    /** sign(x) log1p(2|x| / (1 - |x|)) / 2. */
    public static Value atanh(GraphBuilder b, Value x) {
        Value size = b.apply(StandardOp.ABS, x);
        Value ratio = b.div(b.add(size, size), b.sub(b.like(x, 1), size));
        return b.mul(b.mul(b.like(x, 0.5), b.apply(StandardOp.SIGN, x)), SpecialFunctions.log1p(b, ratio));
    }
}
