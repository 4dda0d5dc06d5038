package io.portolan.converter.lowering;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;

/**
 * Hurwitz' zeta function and the derivatives of log Γ that follow from it, by Euler and Maclaurin's formula: some terms of the sum, and the
 * integral of the others with corrections by Bernoulli numbers. Computed in float64.
 */
public final class ZetaFunction {
    private static final int TERMS = 12;

    /** {@code B(2k) / (2k)!} for k from 1. */
    private static final double[] BERNOULLI = {
        1.0 / 12,
        -1.0 / 720,
        1.0 / 30240,
        -1.0 / 1209600,
        1.0 / 47900160,
        -691.0 / 1307674368000.0,
        1.0 / 74724249600.0,
        -3617.0 / 10670622842880000.0
    };

    private ZetaFunction() {}

    /** The sum of (q + k)^-s over k from 0, for s above 1 and positive q; infinite for s = 1. */
    public static Value zeta(GraphBuilder b, Value s, Value q) {
        return b.cast(wide(b, b.cast(s, OnnxType.DOUBLE), b.cast(q, OnnxType.DOUBLE)), s.element());
    }

    /** The derivative of order n + 1 of log Γ(x), for positive x and whole n. */
    public static Value polygamma(GraphBuilder b, Value n, Value x) {
        Value order = b.cast(n, OnnxType.DOUBLE);
        Value one = b.like(order, 1);
        Value next = b.add(order, one);
        Value factorial = b.apply(StandardOp.EXP, GammaFunctions.logGamma(b, next));
        Value isEven = b.apply(
                StandardOp.EQUAL,
                b.mul(b.apply(StandardOp.FLOOR, b.mul(order, b.like(order, 0.5))), b.like(order, 2)),
                order);
        Value sign = b.where(isEven, b.like(order, -1), one);
        Value derivative = b.mul(b.mul(sign, factorial), wide(b, next, b.cast(x, OnnxType.DOUBLE)));
        Value isFirst = b.apply(StandardOp.EQUAL, n, b.like(n, 0));
        return b.where(isFirst, GammaFunctions.digamma(b, x), b.cast(derivative, x.element()));
    }

    private static Value wide(GraphBuilder b, Value s, Value q) {
        Value sum = b.apply(StandardOp.POW, q, b.neg(s));
        for (int k = 1; k < TERMS; k++) {
            sum = b.add(sum, b.apply(StandardOp.POW, b.add(q, b.like(q, k)), b.neg(s)));
        }
        Value a = b.add(q, b.like(q, TERMS));
        Value power = b.apply(StandardOp.POW, a, b.neg(s));
        Value integral = b.div(b.mul(power, a), b.sub(s, b.like(s, 1)));
        sum = b.add(b.add(sum, integral), b.mul(power, b.like(power, 0.5)));
        // s (s + 1) ... (s + 2k - 2) / a^(s + 2k - 1), term by term.
        Value factor = b.mul(b.div(power, a), s);
        for (int k = 1; k <= BERNOULLI.length; k++) {
            sum = b.add(sum, b.mul(factor, b.like(factor, BERNOULLI[k - 1])));
            Value pair = b.mul(b.add(s, b.like(s, 2.0 * k - 1)), b.add(s, b.like(s, 2.0 * k)));
            factor = b.div(b.mul(factor, pair), b.mul(a, a));
        }
        return sum;
    }
}
