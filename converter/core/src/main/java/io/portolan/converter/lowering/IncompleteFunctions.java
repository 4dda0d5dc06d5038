package io.portolan.converter.lowering;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.Optional;

/**
 * The regularised incomplete gamma and beta functions, by loops that end when no element changes any more: a power series where it
 * converges fast, elsewhere a continued fraction, evaluated by Lentz's method. Computed in float64.
 */
public final class IncompleteFunctions {
    /** More turns than arguments of 1e6 need. */
    private static final long MOST_TURNS = 20_000;

    /** Stands for 0 in a continued fraction, so that it can be divided by. */
    private static final double TINY = 1e-300;

    private static final double PRECISION = 0x1p-53;

    private IncompleteFunctions() {}

    /** P(a, x), the part below x of the gamma distribution of shape a. NaN for negative arguments. */
    public static Value lowerGamma(GraphBuilder b, Value a, Value x) {
        return gamma(b, a, x, true);
    }

    /** Q(a, x) = 1 - P(a, x), accurate where it is small. */
    public static Value upperGamma(GraphBuilder b, Value a, Value x) {
        return gamma(b, a, x, false);
    }

    private static Value gamma(GraphBuilder b, Value shape, Value place, boolean isLower) {
        Value a = b.add(b.cast(shape, OnnxType.DOUBLE), zeros(b, place));
        Value x = b.add(b.cast(place, OnnxType.DOUBLE), zeros(b, a));
        Value one = b.like(x, 1);
        Value density = b.apply(
                StandardOp.EXP, b.sub(b.sub(b.mul(a, b.apply(StandardOp.LOG, x)), x), GammaFunctions.logGamma(b, a)));
        Value isSeries = b.apply(StandardOp.LESS, x, b.add(a, one));
        Value lower = b.mul(density, b.div(series(b, a, x, isSeries), a));
        Value upper = b.mul(density, gammaFraction(b, a, x, isSeries));
        Value wanted =
                isLower ? b.where(isSeries, lower, b.sub(one, upper)) : b.where(isSeries, b.sub(one, lower), upper);
        Value isZero = b.apply(StandardOp.EQUAL, x, b.like(x, 0));
        return b.cast(b.where(isZero, b.like(x, isLower ? 0 : 1), wanted), shape.element());
    }

    /** 1 + x / (a + 1) + x² / ((a + 1) (a + 2)) + ... */
    private static Value series(GraphBuilder b, Value a, Value x, Value isWanted) {
        Value one = b.add(b.like(x, 1), zeros(b, x));
        return CountedLoop.of(b, most(b), List.of(one, one), (in, index, state) -> {
                    Value number = in.cast(in.add(index, in.like(index, 1)), OnnxType.DOUBLE);
                    Value term = in.div(in.mul(state.get(0), x), in.add(a, number));
                    Value sum = in.add(state.get(1), term);
                    Value isOpen = in.apply(StandardOp.GREATER, term, in.mul(sum, in.like(sum, PRECISION)));
                    return turn(in, List.of(term, sum), in.apply(StandardOp.AND, isOpen, isWanted));
                })
                .get(1);
    }

    /** 1 / (x + 1 - a - (1 - a) / (x + 3 - a - 2 (2 - a) / (x + 5 - a - ...))) */
    private static Value gammaFraction(GraphBuilder b, Value a, Value x, Value isSeries) {
        Value base = b.add(b.sub(x, a), b.like(x, 1));
        Value first = b.apply(StandardOp.RECIPROCAL, nonZero(b, base));
        Value numerator = b.add(zeros(b, x), b.like(x, 1 / TINY));
        return fraction(b, numerator, first, first, b.apply(StandardOp.NOT, isSeries), (in, index) -> {
            Value number = in.cast(in.add(index, in.like(index, 1)), OnnxType.DOUBLE);
            Value top = in.mul(number, in.sub(a, number));
            Value bottom = in.add(base, in.add(number, number));
            return List.of(new Step(top, bottom));
        });
    }

    /** I(x; a, b), the part below x of the beta distribution. */
    public static Value beta(GraphBuilder b, Value alpha, Value beta, Value place) {
        Value shape = b.add(zeros(b, alpha), b.add(zeros(b, beta), zeros(b, place)));
        Value x = b.add(b.cast(place, OnnxType.DOUBLE), shape);
        Value p = b.add(b.cast(alpha, OnnxType.DOUBLE), shape);
        Value q = b.add(b.cast(beta, OnnxType.DOUBLE), shape);
        Value one = b.like(x, 1);
        Value zero = b.like(x, 0);
        Value mean = b.div(b.add(p, one), b.add(b.add(p, q), b.like(x, 2)));
        Value isMirrored = b.apply(StandardOp.GREATER, x, mean);
        Value from = b.where(isMirrored, q, p);
        Value to = b.where(isMirrored, p, q);
        Value at = b.where(isMirrored, b.sub(one, x), x);
        Value logarithm = b.add(
                b.sub(
                        GammaFunctions.logGamma(b, b.add(p, q)),
                        b.add(GammaFunctions.logGamma(b, p), GammaFunctions.logGamma(b, q))),
                b.add(b.mul(from, b.apply(StandardOp.LOG, at)), b.mul(to, SpecialFunctions.log1p(b, b.neg(at)))));
        Value part = b.div(b.mul(b.apply(StandardOp.EXP, logarithm), betaFraction(b, from, to, at)), from);
        Value inside = b.where(isMirrored, b.sub(one, part), part);
        Value aboveZero = b.where(b.apply(StandardOp.EQUAL, x, zero), zero, inside);
        return b.cast(b.where(b.apply(StandardOp.EQUAL, x, one), one, aboveZero), place.element());
    }

    private static Value betaFraction(GraphBuilder b, Value p, Value q, Value x) {
        Value one = b.like(x, 1);
        Value sum = b.add(p, q);
        Value d = b.apply(StandardOp.RECIPROCAL, nonZero(b, b.sub(one, b.div(b.mul(sum, x), b.add(p, one)))));
        Value c = b.add(zeros(b, x), one);
        return fraction(b, c, d, d, b.apply(StandardOp.EQUAL, x, x), (in, index) -> {
            Value m = in.cast(in.add(index, in.like(index, 1)), OnnxType.DOUBLE);
            Value twice = in.add(m, m);
            Value even =
                    in.div(in.mul(in.mul(m, in.sub(q, m)), x), in.mul(in.sub(in.add(p, twice), one), in.add(p, twice)));
            Value odd = in.neg(in.div(
                    in.mul(in.mul(in.add(p, m), in.add(sum, m)), x),
                    in.mul(in.add(p, twice), in.add(in.add(p, twice), one))));
            return List.of(new Step(even, one), new Step(odd, one));
        });
    }

    /** One level of a continued fraction: the numerator, and what is added to the levels below. */
    private record Step(Value numerator, Value addend) {}

    private interface Steps {
        List<Step> of(GraphBuilder b, Value index);
    }

    private static Value fraction(
            GraphBuilder b, Value numerator, Value denominator, Value product, Value isWanted, Steps steps) {
        return CountedLoop.of(b, most(b), List.of(numerator, denominator, product), (in, index, state) -> {
                    Value c = state.get(0);
                    Value d = state.get(1);
                    Value h = state.get(2);
                    Value one = in.like(h, 1);
                    Value change = one;
                    for (Step step : steps.of(in, index)) {
                        d = in.apply(
                                StandardOp.RECIPROCAL, nonZero(in, in.add(step.addend(), in.mul(step.numerator(), d))));
                        c = nonZero(in, in.add(step.addend(), in.div(step.numerator(), c)));
                        change = in.mul(c, d);
                        h = in.mul(h, change);
                    }
                    Value distance = in.apply(StandardOp.ABS, in.sub(change, one));
                    Value isOpen = in.apply(StandardOp.GREATER, distance, in.like(distance, 4 * PRECISION));
                    return turn(in, List.of(c, d, h), in.apply(StandardOp.AND, isOpen, isWanted));
                })
                .get(2);
    }

    private static Value zeros(GraphBuilder b, Value x) {
        return b.cast(Shapes.filledLike(b, x, 0), OnnxType.DOUBLE);
    }

    private static CountedLoop.Turn turn(GraphBuilder b, List<Value> state, Value isOpen) {
        Value flat = b.cast(b.reshape(isOpen, -1), OnnxType.INT32);
        Value any = b.cast(b.reduce(StandardOp.REDUCE_MAX, flat, false, 0), OnnxType.BOOL);
        return new CountedLoop.Turn(state, List.of(), Optional.of(any));
    }

    private static Value most(GraphBuilder b) {
        return b.constant(TensorData.scalar(OnnxType.INT64, MOST_TURNS));
    }

    private static Value nonZero(GraphBuilder b, Value x) {
        Value isZero = b.apply(StandardOp.LESS, b.apply(StandardOp.ABS, x), b.like(x, TINY));
        return b.where(isZero, b.like(x, TINY), x);
    }
}
