package io.portolan.converter.lowering;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;

/**
 * The inverse of the error function, and of the normal distribution. {@code erfinv(x) / x} is smooth in {@code w = -log(1 - x²)}, and
 * beyond 6.25 in its root: Chebyshev series, by interpolation at 60 nodes with 50 digits. Floats are computed as doubles with fewer terms.
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

    /** For the root of w from 6.1 to 10.3, which only probabilities near 0 have; the smallest float has 10.2. */
    private static final Piece SMALL = new Piece(
            6.1,
            10.3,
            8,
            8.07761425921138866,
            2.11571127506837393,
            -0.000998948399376147703,
            0.0000401488928187315871,
            3.38204197531726795e-6,
            -1.30770812359578736e-6,
            2.59630818480377158e-7,
            -4.30519391336588e-8,
            6.55252075335645605e-9,
            -9.4765347060583406e-10,
            1.32374277555720742e-10,
            -1.80178163694760486e-11,
            2.40213629175521509e-12,
            -3.14687976426815247e-13,
            4.05904507238433626e-14,
            -5.16148237269781418e-15,
            6.47560834870805071e-16);

    /** For the root of w from 10.3 to 27.4, beyond that of the smallest double. */
    private static final Piece SMALLEST = new Piece(
            10.3,
            27.4,
            8,
            18.7712702800657965,
            8.57396164245558535,
            -0.00408129001928831798,
            0.000711994375667991936,
            -0.000122745110354103527,
            0.0000202334164943273735,
            -3.01688537691071178e-6,
            3.47616558492734398e-7,
            -4.94876000182855513e-9,
            -1.53886338325787545e-8,
            7.22705128622144596e-9,
            -2.49265071608583931e-9,
            7.61564399874457374e-10,
            -2.1803853584581644e-10,
            5.99468273064423847e-11,
            -1.60311841617277493e-11,
            4.20138717551300538e-12,
            -1.08421476224429505e-12,
            2.76389147893928251e-13,
            -6.97560253674363089e-14,
            1.74582905293996403e-14,
            -4.33815360431566221e-15,
            1.07124716760358324e-15,
            -2.63065606911326387e-16);

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
        boolean isFloat = x.element() != OnnxType.DOUBLE;
        Value wide = b.cast(x, OnnxType.DOUBLE);
        Value one = b.like(wide, 1);
        Value w = b.neg(b.apply(StandardOp.LOG, b.mul(b.sub(one, wide), b.add(one, wide))));
        Value far = piecewise(b, b.apply(StandardOp.SQRT, w), isFloat, TAIL, FAR);
        Value isEnd = b.apply(StandardOp.EQUAL, b.apply(StandardOp.ABS, wide), one);
        return b.cast(infiniteWhere(b, isEnd, wide, b.mul(wide, centreOr(b, w, isFloat, far))), x.element());
    }

    /** The quantile of the standard normal distribution: infinite for the probabilities 0 and 1, NaN for what is none. */
    public static Value quantile(GraphBuilder b, Value probability) {
        boolean isFloat = probability.element() != OnnxType.DOUBLE;
        Value p = b.cast(probability, OnnxType.DOUBLE);
        Value one = b.like(p, 1);
        Value x = b.sub(b.add(p, p), one);
        // 1 - x² without the cancellation of small probabilities.
        Value product = b.mul(b.like(p, 4), b.mul(p, b.sub(one, p)));
        Value w = b.neg(b.apply(StandardOp.LOG, product));
        Value far = piecewise(b, b.apply(StandardOp.SQRT, w), isFloat, TAIL, FAR, SMALL, SMALLEST);
        Value quantile = b.mul(b.mul(x, centreOr(b, w, isFloat, far)), b.like(p, Math.sqrt(2)));
        Value isEnd = b.apply(StandardOp.EQUAL, product, b.like(p, 0));
        return b.cast(infiniteWhere(b, isEnd, x, quantile), probability.element());
    }

    private static Value infiniteWhere(GraphBuilder b, Value isEnd, Value x, Value y) {
        return b.where(isEnd, b.mul(x, b.like(x, Double.POSITIVE_INFINITY)), y);
    }

    private static Value centreOr(GraphBuilder b, Value w, boolean isFloat, Value far) {
        return b.where(b.apply(StandardOp.LESS, w, b.like(w, CENTRE.to())), CENTRE.at(b, w, isFloat), far);
    }

    /** The piece that a place belongs to; the last one beyond all. */
    private static Value piecewise(GraphBuilder b, Value place, boolean isFloat, Piece... pieces) {
        Value found = pieces[pieces.length - 1].at(b, place, isFloat);
        for (int i = pieces.length - 2; i >= 0; i--) {
            Value isBefore = b.apply(StandardOp.LESS, place, b.like(place, pieces[i].to()));
            found = b.where(isBefore, pieces[i].at(b, place, isFloat), found);
        }
        return found;
    }
}
