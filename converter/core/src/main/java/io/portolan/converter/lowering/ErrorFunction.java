package io.portolan.converter.lowering;

import io.portolan.converter.ir.ComposedOp;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;

/** The error function for doubles and its complement, for which ONNX Runtime has no kernels. */
public final class ErrorFunction {
    /**
     * The Chebyshev series of {@code erfc(x) e^(x²) / t} for x from 0 to infinity, in {@code 2t - 1} with {@code t = 2 / (2 + x)},
     * by interpolation at 60 nodes with 50 digits. The first {@link #FLOAT_TERMS} are enough for float32, all for float64.
     */
    private static final ChebyshevSeries SERIES = new ChebyshevSeries(
            5.77033738616469689e-1,
            3.55436921270498487e-1,
            6.50951588287865246e-2,
            3.67114239583663917e-3,
            -1.1128447433526325e-3,
            -1.60758299153780798e-4,
            3.27803157417313706e-5,
            5.44244164550501603e-6,
            -1.51546655531714816e-6,
            -1.42976081811698649e-7,
            8.23460882741949343e-8,
            -1.29628468523065625e-9,
            -4.1547216310151983e-9,
            6.34705827836281118e-10,
            1.43208227122562237e-10,
            -6.16039010520458554e-11,
            2.06121385547216963e-12,
            3.57149314884770445e-12,
            -8.58642284325179648e-13,
            -6.14560021379063055e-14,
            7.41872574859661706e-14,
            -1.28950427550323256e-14,
            -2.35872638571063236e-15,
            1.57293493816859114e-15,
            -2.27829662395464652e-16,
            -6.31233045075642981e-17);

    private static final int FLOAT_TERMS = 13;

    private ErrorFunction() {}

    public static Value erf(GraphBuilder b, Value x) {
        if (x.element() != OnnxType.DOUBLE) {
            return b.apply(StandardOp.ERF, x);
        }
        Value size = b.sub(b.like(x, 1), tail(b, b.apply(StandardOp.ABS, x), SERIES.terms()));
        return b.mul(b.apply(StandardOp.SIGN, x), size);
    }

    /** The complement, as one node until a pass writes the {@link #complementBySeries series}. */
    public static Value erfc(GraphBuilder b, Value x) {
        return b.apply(ComposedOp.ERFC, x);
    }

    /** The complement, accurate also where it is small; floats are computed as doubles, because the square in the exponent needs more digits. */
    public static Value complementBySeries(GraphBuilder b, Value x) {
        Value wide = b.cast(x, OnnxType.DOUBLE);
        Value tail =
                tail(b, b.apply(StandardOp.ABS, wide), x.element() != OnnxType.DOUBLE ? FLOAT_TERMS : SERIES.terms());
        Value isNegative = b.apply(StandardOp.LESS, wide, b.like(wide, 0));
        return b.cast(b.where(isNegative, b.sub(b.like(wide, 2), tail), tail), x.element());
    }

    /** The complement for arguments that are not negative. */
    private static Value tail(GraphBuilder b, Value x, int terms) {
        Value two = b.like(x, 2);
        Value t = b.div(two, b.add(two, x));
        Value decay = b.apply(StandardOp.EXP, b.neg(b.mul(x, x)));
        return b.mul(b.mul(t, SERIES.at(b, b.sub(b.add(t, t), b.like(x, 1)), terms)), decay);
    }
}
