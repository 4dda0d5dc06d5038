package io.portolan.converter.lowering;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.function.UnaryOperator;

/**
 * The logarithm of the gamma function and its derivative, by Lanczos' approximation with g = 7 and nine terms, reflected at 1/2. Everything is
 * computed in float64, which the approximation is made for: for floats nothing is lost where it cancels, near the zeros at 1 and 2.
 */
public final class GammaFunctions {
    private static final double G = 7;
    private static final double FIRST = 0.99999999999980993;
    private static final double[] TERMS = {
        676.52036812188510,
        -1259.1392167224028,
        771.32342877765308,
        -176.61502916214059,
        12.507343278686905,
        -0.13857109526572012,
        9.9843695780195716e-6,
        1.5056327351493116e-7
    };

    private GammaFunctions() {}

    /** log|Γ(x)|: infinite at 0, the negative integers and the infinities. */
    public static Value logGamma(GraphBuilder b, Value x) {
        return inDouble(b, x, wide -> {
            Value one = b.like(wide, 1);
            Value isReflected = b.apply(StandardOp.LESS, wide, b.like(wide, 0.5));
            Value z = b.sub(b.where(isReflected, b.sub(one, wide), wide), one);
            Value t = b.add(z, b.like(z, G + 0.5));
            Value logT = b.apply(StandardOp.LOG, t);
            // (z + 1/2) log t - t, such that neither term overflows before the difference does.
            Value power = b.mul(b.sub(b.add(z, b.like(z, 0.5)), b.div(t, logT)), logT);
            Value logSum = b.apply(StandardOp.LOG, b.mul(sum(b, z), b.like(z, Math.sqrt(2 * Math.PI))));
            Value gamma = b.add(power, logSum);
            Value sine =
                    b.apply(StandardOp.ABS, b.apply(StandardOp.SIN, b.mul(fraction(b, wide), b.like(wide, Math.PI))));
            Value reflected = b.sub(b.sub(b.like(wide, Math.log(Math.PI)), b.apply(StandardOp.LOG, sine)), gamma);
            Value size = b.apply(StandardOp.ABS, wide);
            Value infinity = b.like(size, Double.POSITIVE_INFINITY);
            return b.where(b.apply(StandardOp.EQUAL, size, infinity), infinity, b.where(isReflected, reflected, gamma));
        });
    }

    /** The derivative of log Γ(x): NaN at 0 and the negative integers. */
    public static Value digamma(GraphBuilder b, Value x) {
        return inDouble(b, x, wide -> {
            Value one = b.like(wide, 1);
            Value isReflected = b.apply(StandardOp.LESS, wide, b.like(wide, 0.5));
            Value z = b.where(isReflected, b.neg(wide), b.sub(wide, one));
            Value slope = b.like(wide, 0);
            for (int i = 0; i < TERMS.length; i++) {
                Value place = b.add(z, b.like(z, i + 1.0));
                slope = b.sub(slope, b.div(b.like(z, TERMS[i]), b.mul(place, place)));
            }
            Value t = b.add(z, b.like(z, G + 0.5));
            Value psi = b.sub(b.add(b.apply(StandardOp.LOG, t), b.div(slope, sum(b, z))), b.div(b.like(t, G), t));
            Value turn = b.mul(fraction(b, wide), b.like(wide, Math.PI));
            Value cotangent = b.div(b.apply(StandardOp.COS, turn), b.apply(StandardOp.SIN, turn));
            Value reflected = b.sub(psi, b.mul(b.like(wide, Math.PI), cotangent));
            Value whole = b.apply(StandardOp.EQUAL, wide, b.apply(StandardOp.FLOOR, wide));
            Value isPole = b.apply(StandardOp.AND, whole, b.apply(StandardOp.LESS_OR_EQUAL, wide, b.like(wide, 0)));
            return b.where(isPole, b.like(wide, Double.NaN), b.where(isReflected, reflected, psi));
        });
    }

    private static Value inDouble(GraphBuilder b, Value x, UnaryOperator<Value> function) {
        return b.cast(function.apply(b.cast(x, OnnxType.DOUBLE)), x.element());
    }

    /** What exceeds the integer below: the sine of π times it has the sine's absolute value, with no large angle to reduce. */
    private static Value fraction(GraphBuilder b, Value x) {
        return b.sub(x, b.apply(StandardOp.FLOOR, x));
    }

    private static Value sum(GraphBuilder b, Value z) {
        Value sum = b.like(z, FIRST);
        for (int i = 0; i < TERMS.length; i++) {
            sum = b.add(sum, b.div(b.like(z, TERMS[i]), b.add(z, b.like(z, i + 1.0))));
        }
        return sum;
    }
}
