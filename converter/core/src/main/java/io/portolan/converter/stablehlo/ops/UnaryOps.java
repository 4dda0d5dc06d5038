package io.portolan.converter.stablehlo.ops;

import static io.portolan.converter.stablehlo.OpLowering.exact;
import static io.portolan.converter.stablehlo.OpLowering.op;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.BesselFunctions;
import io.portolan.converter.lowering.ComplexArithmetic;
import io.portolan.converter.lowering.ErrorFunction;
import io.portolan.converter.lowering.GammaFunctions;
import io.portolan.converter.lowering.InverseErrorFunction;
import io.portolan.converter.lowering.SpecialFunctions;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.lowering.Trigonometry;
import io.portolan.converter.stablehlo.LoweredTensor;
import io.portolan.converter.stablehlo.OpContext;
import io.portolan.converter.stablehlo.OpLowering;
import java.util.List;

/** Elementwise functions of one tensor. */
final class UnaryOps {
    static final List<OpLowering> OPS = List.of(
            op("stablehlo.abs", "Abs; of complex numbers Sqrt of squares").single(UnaryOps::abs),
            op("stablehlo.negate", "Neg, Sub")
                    .single(in -> Elementwise.unary(
                            in, Numbers::negate, (b, x) -> new ComplexValue(b.neg(x.re()), b.neg(x.im())))),
            op("stablehlo.sign", "Sign").single(in -> Elementwise.unary(in, UnaryOps::sign, ComplexArithmetic::sign)),
            op("stablehlo.floor", "Floor").single(in -> Elementwise.unary(in, plain(StandardOp.FLOOR))),
            op("stablehlo.ceil", "Ceil").single(in -> Elementwise.unary(in, plain(StandardOp.CEIL))),
            op("stablehlo.round_nearest_even", "Round").single(in -> Elementwise.unary(in, plain(StandardOp.ROUND))),
            op("stablehlo.round_nearest_afz", "Floor, Sign")
                    .single(in -> Elementwise.unary(in, UnaryOps::roundHalfAway)),
            complexToo("stablehlo.exponential", "Exp", plain(StandardOp.EXP), ComplexArithmetic::exp),
            complexToo("stablehlo.exponential_minus_one", "Tanh, Exp", SpecialFunctions::expm1, UnaryOps::expm1),
            complexToo("stablehlo.log", "Log", plain(StandardOp.LOG), ComplexArithmetic::log),
            complexToo("stablehlo.log_plus_one", "Log, Div, Where", SpecialFunctions::log1p, UnaryOps::log1p),
            complexToo("stablehlo.sqrt", "Sqrt", plain(StandardOp.SQRT), ComplexArithmetic::sqrt),
            complexToo(
                    "stablehlo.rsqrt",
                    "Sqrt, Reciprocal",
                    (b, x) -> b.apply(StandardOp.RECIPROCAL, b.apply(StandardOp.SQRT, x)),
                    (b, x) -> ComplexArithmetic.reciprocal(b, ComplexArithmetic.sqrt(b, x))),
            op("stablehlo.cbrt", "Pow").single(in -> Elementwise.unary(in, UnaryOps::cubeRoot)),
            complexToo("stablehlo.sine", "Sin", plain(StandardOp.SIN), ComplexArithmetic::sin),
            complexToo("stablehlo.cosine", "Cos", plain(StandardOp.COS), ComplexArithmetic::cos),
            complexToo("stablehlo.tan", "Tan", Trigonometry::tan, ComplexArithmetic::tan),
            complexToo("stablehlo.tanh", "Tanh", plain(StandardOp.TANH), ComplexArithmetic::tanh),
            complexToo("stablehlo.logistic", "Sigmoid", plain(StandardOp.SIGMOID), ComplexArithmetic::sigmoid),
            op("chlo.acos", "Acos").single(in -> Elementwise.unary(in, Trigonometry::acos)),
            op("chlo.acosh", "Log, Sqrt").single(in -> Elementwise.unary(in, Trigonometry::acosh)),
            op("chlo.asin", "Asin").single(in -> Elementwise.unary(in, Trigonometry::asin)),
            op("chlo.asinh", "Log, Sqrt").single(in -> Elementwise.unary(in, Trigonometry::asinh)),
            op("chlo.atan", "Atan").single(in -> Elementwise.unary(in, Trigonometry::atan)),
            op("chlo.atanh", "Log").single(in -> Elementwise.unary(in, Trigonometry::atanh)),
            op("chlo.cosh", "Cosh").single(in -> Elementwise.unary(in, Trigonometry::cosh, ComplexArithmetic::cosh)),
            op("chlo.sinh", "Sinh").single(in -> Elementwise.unary(in, Trigonometry::sinh, ComplexArithmetic::sinh)),
            op("chlo.tan", "Tan").single(in -> Elementwise.unary(in, Trigonometry::tan, ComplexArithmetic::tan)),
            op("chlo.erf", "Erf").single(in -> Elementwise.unary(in, ErrorFunction::erf)),
            op("chlo.erfc", "a series").single(in -> Elementwise.unary(in, ErrorFunction::erfc)),
            op("chlo.erf_inv", "a series").single(in -> Elementwise.unary(in, InverseErrorFunction::of)),
            op("chlo.lgamma", "a series").single(in -> Elementwise.unary(in, GammaFunctions::logGamma)),
            op("chlo.digamma", "a series").single(in -> Elementwise.unary(in, GammaFunctions::digamma)),
            op("chlo.bessel_i1e", "a series").single(in -> Elementwise.unary(in, BesselFunctions.I1::scaled)),
            op("chlo.square", "Mul")
                    .single(in -> Elementwise.unary(in, (b, x) -> b.mul(x, x), ComplexArithmetic::square)),
            // What the expansion of a complementary error function is rewritten to, where it makes a GELU.
            op("portolan.gelu", "Erf").single(in -> Elementwise.unary(in, UnaryOps::gelu)),
            exact("chlo.conj", "Neg").single(in -> Elementwise.unary(in, (b, x) -> x, ComplexArithmetic::conjugate)));

    private UnaryOps() {}

    private static OpLowering complexToo(
            String name, String onnx, Elementwise.Unary real, Elementwise.ComplexUnary complex) {
        return op(name, onnx).single(in -> Elementwise.unary(in, real, complex));
    }

    private static Elementwise.Unary plain(StandardOp op) {
        return (b, x) -> b.apply(op, x);
    }

    private static LoweredTensor abs(OpContext in) {
        return in.hasComplex()
                ? Elementwise.result(in, ComplexArithmetic.abs(in.b(), Elementwise.pair(in, 0)))
                : Elementwise.unary(in, (b, x) -> x.element().isUnsigned() ? x : b.apply(StandardOp.ABS, x));
    }

    /** The sign; ONNX's Sign of NaN is 0 in some runtimes, StableHLO's is NaN. */
    private static Value sign(GraphBuilder b, Value x) {
        Value sign = b.apply(StandardOp.SIGN, x);
        return x.element().isFloating() ? b.where(Numbers.isNan(b, x), x, sign) : sign;
    }

    /** Half away from zero. Adding 0.5 first would round 0.49999997 up. */
    private static Value roundHalfAway(GraphBuilder b, Value x) {
        Value size = b.apply(StandardOp.ABS, x);
        Value whole = b.apply(StandardOp.FLOOR, size);
        Value half = b.apply(StandardOp.GREATER_OR_EQUAL, b.sub(size, whole), b.like(x, 0.5));
        Value rounded = b.add(whole, b.cast(half, x.element()));
        return b.where(b.apply(StandardOp.LESS, x, b.like(x, 0)), b.neg(rounded), rounded);
    }

    /** x (1 + erf(x / √2)) / 2, in the form that ONNX Runtime has a kernel for. */
    private static Value gelu(GraphBuilder b, Value x) {
        Value erf = b.apply(StandardOp.ERF, b.mul(x, b.like(x, Math.sqrt(0.5))));
        return b.mul(b.mul(x, b.add(erf, b.like(x, 1))), b.like(x, 0.5));
    }

    /** By a power in double precision, which loses nothing of a float. */
    private static Value cubeRoot(GraphBuilder b, Value x) {
        Value size = b.cast(b.apply(StandardOp.ABS, x), OnnxType.DOUBLE);
        Value root = b.apply(StandardOp.POW, size, b.like(size, 1.0 / 3));
        return b.mul(sign(b, x), b.cast(root, x.element()));
    }

    /** expm1(a) cos b - 2 sin²(b/2), and e^a sin b, for a + ib: nothing cancels near 0. */
    private static ComplexValue expm1(GraphBuilder b, ComplexValue x) {
        Value sine = b.apply(StandardOp.SIN, b.mul(x.im(), b.like(x.im(), 0.5)));
        Value real = b.sub(
                b.mul(SpecialFunctions.expm1(b, x.re()), b.apply(StandardOp.COS, x.im())),
                b.mul(b.like(sine, 2), b.mul(sine, sine)));
        return new ComplexValue(real, b.mul(b.apply(StandardOp.EXP, x.re()), b.apply(StandardOp.SIN, x.im())));
    }

    /** log1p(a (2 + a) + b²) / 2 near 0, for a + ib, and beyond the logarithm of the absolute value; and the angle. */
    private static ComplexValue log1p(GraphBuilder b, ComplexValue x) {
        Value one = b.like(x.re(), 1);
        ComplexValue moved = new ComplexValue(b.add(x.re(), one), x.im());
        Value square = b.add(b.mul(x.re(), b.add(b.like(x.re(), 2), x.re())), b.mul(x.im(), x.im()));
        Value near = b.mul(b.like(square, 0.5), SpecialFunctions.log1p(b, square));
        Value isNear = b.apply(StandardOp.LESS, b.apply(StandardOp.ABS, square), b.like(square, 0.5));
        Value far = b.apply(StandardOp.LOG, ComplexArithmetic.abs(b, moved));
        return new ComplexValue(b.where(isNear, near, far), SpecialFunctions.atan2(b, x.im(), moved.re()));
    }
}
