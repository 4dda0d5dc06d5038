package io.portolan.converter.stablehlo.ops;

import static io.portolan.converter.stablehlo.OpLowering.exact;
import static io.portolan.converter.stablehlo.OpLowering.op;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.stablehlo.ElementTypes;
import io.portolan.converter.stablehlo.LoweredTensor;
import io.portolan.converter.stablehlo.OpContext;
import io.portolan.converter.stablehlo.OpLowering;
import io.portolan.programs.stablehlo.ElementType;
import java.util.List;

/** Conversions between element types, and between real and complex numbers. */
final class ConversionOps {
    static final List<OpLowering> OPS = List.of(
            op("stablehlo.convert", "Cast; from floats to integers with Where and Clip")
                    .single(ConversionOps::convert),
            op("stablehlo.reduce_precision", "Cast and back")
                    .except("formats other than e5m10 and e8m7")
                    .single(ConversionOps::reducePrecision),
            exact("stablehlo.real", "one of two tensors")
                    .single(in -> Elementwise.result(
                            in, in.hasComplex() ? Elementwise.pair(in, 0).re() : in.compact(0))),
            exact("stablehlo.imag", "one of two tensors")
                    .single(in -> Elementwise.result(
                            in,
                            in.hasComplex()
                                    ? Elementwise.pair(in, 0).im()
                                    : in.b().like(in.compact(0), 0))),
            exact("stablehlo.complex", "two tensors")
                    .single(in -> Elementwise.result(in, new ComplexValue(in.compact(0), in.compact(1)))));

    private ConversionOps() {}

    private static LoweredTensor convert(OpContext in) {
        ElementType to = in.resultType().element();
        GraphBuilder b = in.b();
        OnnxType type = ElementTypes.computed(to);
        if (to.isComplex()) {
            Value re = in.hasComplex() ? Elementwise.pair(in, 0).re() : in.compact(0);
            Value im = in.hasComplex() ? Elementwise.pair(in, 0).im() : b.like(re, 0);
            return Elementwise.result(in, new ComplexValue(b.cast(re, type), b.cast(im, type)));
        }
        Value x = in.hasComplex() ? Elementwise.pair(in, 0).re() : in.compact(0);
        boolean isTruncated = in.type(0).element().part().isFloat() && to.isInteger();
        return Elementwise.result(in, new RealValue(isTruncated ? truncate(b, x, type) : b.cast(x, type)));
    }

    /** Truncates floats as XLA does: NaN becomes 0, what is out of range the nearest integer in it. ONNX defines neither. */
    private static Value truncate(GraphBuilder b, Value x, OnnxType type) {
        int bits = 8 * type.bytes();
        // Every bound of an integer of up to 16 bits is a float, of up to 32 bits a double.
        Value exact = bits <= 16 && x.element() == OnnxType.FLOAT ? x : b.cast(x, OnnxType.DOUBLE);
        Value number = b.where(Numbers.isNan(b, exact), b.like(exact, 0), exact);
        double lowest = type.isUnsigned() ? 0 : -Math.scalb(1.0, bits - 1);
        double beyond = Math.scalb(1.0, type.isUnsigned() ? bits : bits - 1);
        if (bits <= 32) {
            return b.cast(b.apply(StandardOp.CLIP, number, b.like(exact, lowest), b.like(exact, beyond - 1)), type);
        }
        Value below = b.apply(StandardOp.CLIP, number, b.like(exact, lowest), b.like(exact, Math.nextDown(beyond)));
        Value truncated = b.cast(below, type);
        Value isBeyond = b.apply(StandardOp.GREATER_OR_EQUAL, number, b.like(exact, beyond));
        long largest = type.isUnsigned() ? -1 : Long.MAX_VALUE;
        return Numbers.select(b, isBeyond, Numbers.integer(b, truncated, largest), truncated);
    }

    private static LoweredTensor reducePrecision(OpContext in) {
        long exponent = in.op().integer("exponent_bits");
        long mantissa = in.op().integer("mantissa_bits");
        OnnxType narrow = exponent == 5 && mantissa == 10
                ? OnnxType.FLOAT16
                : exponent == 8 && mantissa == 7 ? OnnxType.BFLOAT16 : null;
        if (exponent == 8 && mantissa == 23 && in.type(0).element() == ElementType.F32) {
            return in.operand(0);
        }
        if (narrow == null) {
            throw new IllegalArgumentException(
                    "numbers with " + exponent + " and " + mantissa + " bits are not supported");
        }
        return Elementwise.unary(
                in, (b, x) -> b.cast(b.apply(StandardOp.CAST, Attributes.of("to", narrow.number()), x), x.element()));
    }
}
