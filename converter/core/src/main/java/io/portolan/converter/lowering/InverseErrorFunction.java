package io.portolan.converter.lowering;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;

/**
 * The inverse of the error function. {@code erfinv(x) / x} is smooth in {@code w = -log(1 - x²)}, and beyond 6.25 in its root: three
 * Chebyshev series, by interpolation at 60 nodes with 50 digits. Floats, whose w is below 16.7, are computed as doubles with fewer terms.
 */
public final class InverseErrorFunction {
    /** For w from 0 to 6.25. */
    private static final Piece CENTRE = new Piece(
            0,
            6.25,
            11,
            1.6304220989459325,
            7.31567445674225744e-1,
            -2.12350321425045857e-2,
            -6.58088754244946312e-3,
            1.9488711426908524e-3,
            -1.4158343386374537e-4,
            -4.92928646361800053e-5,
            1.47528879290424969e-5,
            -6.11191860325819358e-7,
            -5.10699733548076117e-7,
            1.15902772329773492e-7,
            1.49079988431949373e-9,
            -5.24477678553068131e-9,
            8.51790549109762066e-10,
            7.91702059297390794e-11,
            -5.09942817371543268e-11,
            5.43622753023131678e-12,
            1.29228218975179492e-12,
            -4.65606471904414296e-13,
            2.42569763176752181e-14,
            1.64036979720514128e-14,
            -3.94956069090147027e-15,
            -3.90360017614163044e-17,
            1.83129083527958988e-16);

    /** For the root of w from 2.5 to 4. */
    private static final Piece TAIL = new Piece(
            2.5,
            4,
            10,
            3.08574484402310212,
            7.5248372689212767e-1,
            1.98425841720567674e-3,
            -5.34561900101603932e-4,
            1.30280674590422711e-4,
            -2.94337753471064169e-5,
            5.23105154378809138e-6,
            -5.38518963531659029e-7,
            -2.92268673213540898e-8,
            2.39035692312515556e-8,
            -4.41120986955409478e-9,
            2.20536228550494485e-10,
            8.09539192324949238e-11,
            -2.16420111497933327e-11,
            1.93642992085044443e-12,
            1.91839181733251005e-13,
            -8.2455516356973691e-14,
            1.04023882221046017e-14,
            2.94845392675465516e-17,
            -2.46694965931902923e-16);

    /** For the root of w from 4 to 6.1, which doubles below 1 do not exceed. */
    private static final Piece FAR = new Piece(
            4,
            6.1,
            10,
            4.90036173887868005,
            1.06060994594042814,
            -4.75535534809436867e-5,
            -6.57547399832070281e-5,
            1.19544645934156139e-5,
            -1.62136794725238901e-6,
            1.98762911816590563e-7,
            -2.4375799091760214e-8,
            3.45666062982051863e-9,
            -6.53199229970770664e-10,
            1.55596592519180093e-10,
            -3.89321302132371294e-11,
            9.02613213565679245e-12,
            -1.81003327188781671e-12,
            2.9255407963971534e-13,
            -3.18972343680864664e-14,
            5.71604100170100353e-17,
            1.01080260186911858e-15,
            -2.8794871476766247e-16);

    private InverseErrorFunction() {}

    /** A piece of the function on an interval, with the number of terms that are enough for float32. */
    private record Piece(double from, double to, int floatTerms, ChebyshevSeries series) {
        Piece(double from, double to, int floatTerms, double... coefficients) {
            this(from, to, floatTerms, new ChebyshevSeries(coefficients));
        }

        Value at(GraphBuilder b, Value place, boolean isFloat) {
            Value u = b.mul(b.sub(place, b.like(place, (from + to) / 2)), b.like(place, 2 / (to - from)));
            return series.at(b, u, isFloat ? floatTerms : series.terms());
        }
    }

    /** The number whose error function is x: infinite for 1 and -1, NaN beyond. */
    public static Value of(GraphBuilder b, Value x) {
        boolean isFloat = x.element() == OnnxType.FLOAT;
        Value wide = b.cast(x, OnnxType.DOUBLE);
        Value one = b.like(wide, 1);
        Value w = b.neg(b.apply(StandardOp.LOG, b.mul(b.sub(one, wide), b.add(one, wide))));
        Value root = b.apply(StandardOp.SQRT, w);
        Value far = b.where(
                b.apply(StandardOp.LESS, root, b.like(root, TAIL.to())),
                TAIL.at(b, root, isFloat),
                FAR.at(b, root, isFloat));
        Value factor = b.where(b.apply(StandardOp.LESS, w, b.like(w, CENTRE.to())), CENTRE.at(b, w, isFloat), far);
        Value isOne = b.apply(StandardOp.EQUAL, b.apply(StandardOp.ABS, wide), one);
        Value infinite = b.mul(wide, b.like(wide, Double.POSITIVE_INFINITY));
        return b.cast(b.where(isOne, infinite, b.mul(wide, factor)), x.element());
    }
}
