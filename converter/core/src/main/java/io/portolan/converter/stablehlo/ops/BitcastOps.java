package io.portolan.converter.stablehlo.ops;

import static io.portolan.converter.stablehlo.OpLowering.exact;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.stablehlo.ElementTypes;
import io.portolan.converter.stablehlo.LoweredTensor;
import io.portolan.converter.stablehlo.OpContext;
import io.portolan.converter.stablehlo.OpLowering;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the bits of elements as another type. The operator BitCast is too new for most runtimes, so bits of float32 are computed: its
 * numbers are sums of powers of two, and every step here is exact.
 */
final class BitcastOps {
    private static final int MANTISSA = 23;
    private static final int BIAS = 127;

    /** The number of bits behind the point, and the bits of 1, of the types that random numbers are made in. */
    private static final Map<ElementType, FloatFormat> FORMATS = Map.of(
            ElementType.F32, new FloatFormat(MANTISSA, 0x3F800000L),
            ElementType.F64, new FloatFormat(52, 0x3FF0000000000000L),
            ElementType.F16, new FloatFormat(10, 0x3C00L),
            ElementType.BF16, new FloatFormat(7, 0x3F80L));

    private record FloatFormat(int mantissa, long one) {}

    static final List<OpLowering> OPS = List.of(exact("stablehlo.bitcast_convert", "Cast; arithmetic")
            .except("floats other than f32; to f32 from elements of another size")
            .single(BitcastOps::bitcast));

    private BitcastOps() {}

    private static LoweredTensor bitcast(OpContext in) {
        ElementType from = in.type(0).element();
        ElementType to = in.resultType().element();
        if (from == to) {
            return in.operand(0);
        }
        if (from == ElementType.F32 && to.isInteger() && to.bits() == 32) {
            return Elementwise.unary(in, (b, x) -> b.cast(bits(b, x), ElementTypes.stored(to)));
        }
        if (FORMATS.containsKey(to) && from.isInteger() && from.bits() == to.bits()) {
            Optional<LoweredTensor> fraction = fraction(in, FORMATS.get(to));
            if (fraction.isPresent()) {
                return fraction.get();
            }
        }
        if (to == ElementType.F32 && from.isInteger() && from.bits() == 32) {
            return Elementwise.unary(in, (b, x) -> number(b, BitOps.bits(b, x)));
        }
        if (from.isInteger() && to.isInteger() && from.bits() == to.bits()) {
            return Elementwise.unary(in, (b, x) -> b.cast(x, ElementTypes.stored(to)));
        }
        if (from == ElementType.F32 && to.isInteger()) {
            return integers(in, in.b().cast(bits(in.b(), in.real(0)), OnnxType.UINT32), from.bits(), to);
        }
        if (from.isInteger() && to.isInteger()) {
            return integers(in, BitOps.bits(in.b(), in.real(0)), from.bits(), to);
        }
        throw new IllegalArgumentException("from " + from + " to " + to + " is not supported");
    }

    /**
     * The numbers of JAX's random generators: the 23 highest of 32 random bits, with the exponent of 1. They are that many steps of
     * 2^-23 above 1.
     */
    private static Optional<LoweredTensor> fraction(OpContext in, FloatFormat format) {
        Optional<Operation> or =
                in.producer(in.op().operand(0)).filter(op -> op.name().equals("stablehlo.or"));
        if (or.isEmpty()) {
            return Optional.empty();
        }
        for (int i = 0; i < 2; i++) {
            Optional<Operation> shift = in.producer(or.get().operand(i))
                    .filter(op -> op.name().equals("stablehlo.shift_right_logical")
                            && holds(in, op.operand(1), width(in, op.operand(0)) - format.mantissa()));
            if (shift.isPresent() && holds(in, or.get().operand(1 - i), format.one())) {
                LoweredTensor steps = in.known(shift.get().result()).orElseThrow();
                GraphBuilder b = in.b();
                List<Value> parts = steps.compact().parts().stream()
                        .map(bits -> {
                            Value count = b.cast(
                                    bits, ElementTypes.computed(in.resultType().element()));
                            Value step = b.like(count, Math.scalb(1.0, -format.mantissa()));
                            return b.add(b.mul(count, step), b.like(count, 1));
                        })
                        .toList();
                return Optional.of(steps.withCompact(in.resultType(), parts));
            }
        }
        return Optional.empty();
    }

    /** The number of bits of an integer that can be set: after a conversion from a narrower unsigned type, as many as that has. */
    private static int width(OpContext in, io.portolan.programs.stablehlo.Value bits) {
        ElementType type = in.producer(bits)
                .filter(op -> op.name().equals("stablehlo.convert"))
                .map(op -> op.operand(0).tensor().element())
                .filter(from -> from.kind() == ElementType.Kind.UNSIGNED
                        && from.bits() < bits.tensor().element().bits())
                .orElse(bits.tensor().element());
        return type.bits();
    }

    private static boolean holds(OpContext in, io.portolan.programs.stablehlo.Value value, long number) {
        return in.known(value)
                .flatMap(known -> known.compact().parts().get(0).data())
                .filter(data -> data.size() == 1 && data.longAt(0) == number)
                .isPresent();
    }

    /** The bits of float32 numbers, as INT64: sign, exponent and mantissa are found by scaling with powers of two. */
    private static Value bits(GraphBuilder b, Value x) {
        Value size = b.cast(b.apply(StandardOp.ABS, x), OnnxType.DOUBLE);
        Value smallest = b.like(size, Math.scalb(1.0, 1 - BIAS));
        Value isNormal = b.apply(StandardOp.GREATER_OR_EQUAL, size, smallest);
        Value isFinite = Numbers.isFinite(b, size);
        Value safe = b.where(Numbers.and(b, isNormal, isFinite), size, b.like(size, 1));
        Value guess = b.apply(StandardOp.FLOOR, b.div(b.apply(StandardOp.LOG, safe), b.like(size, Math.log(2))));
        Value scaled = b.div(safe, power(b, guess));
        // The logarithm of a power of two may be rounded to either side.
        Value above = b.cast(b.apply(StandardOp.GREATER_OR_EQUAL, scaled, b.like(size, 2)), OnnxType.DOUBLE);
        Value below = b.cast(b.apply(StandardOp.LESS, scaled, b.like(size, 1)), OnnxType.DOUBLE);
        Value exponent = b.sub(b.add(guess, above), below);
        Value fraction = b.sub(b.div(safe, power(b, exponent)), b.like(size, 1));
        Value normal =
                b.mul(b.add(b.add(exponent, b.like(size, BIAS)), fraction), b.like(size, Math.scalb(1.0, MANTISSA)));
        Value subnormal = b.mul(size, b.like(size, Math.scalb(1.0, BIAS + MANTISSA - 1)));
        Value finite = b.where(isNormal, normal, subnormal);
        Value special = b.where(Numbers.isNan(b, size), b.like(size, 0x7FC00000), b.like(size, 0x7F800000));
        Value magnitude = b.cast(b.where(isFinite, finite, special), OnnxType.INT64);
        Value inverse = b.apply(StandardOp.RECIPROCAL, x);
        Value isZero = b.apply(StandardOp.EQUAL, x, b.like(x, 0));
        Value isNegative = b.apply(StandardOp.LESS, b.where(isZero, inverse, x), b.like(x, 0));
        return b.add(magnitude, b.mul(b.cast(isNegative, OnnxType.INT64), Numbers.integer(b, magnitude, 0x80000000L)));
    }

    private static Value power(GraphBuilder b, Value exponent) {
        return b.apply(StandardOp.POW, b.like(exponent, 2), exponent);
    }

    /** The float32 numbers of UINT32 bits. */
    private static Value number(GraphBuilder b, Value bits) {
        Value sign = b.cast(BitOps.shift(b, "RIGHT", bits, 31), OnnxType.DOUBLE);
        Value field = b.cast(
                Numbers.and(b, BitOps.shift(b, "RIGHT", bits, MANTISSA), Numbers.integer(b, bits, 0xFF)),
                OnnxType.DOUBLE);
        Value mantissa = b.mul(
                b.cast(Numbers.and(b, bits, Numbers.integer(b, bits, 0x7FFFFF)), OnnxType.DOUBLE),
                b.like(field, Math.scalb(1.0, -MANTISSA)));
        Value isSubnormal = b.apply(StandardOp.EQUAL, field, b.like(field, 0));
        Value leading = b.where(isSubnormal, b.like(field, 0), b.like(field, 1));
        Value exponent = b.sub(b.apply(StandardOp.MAX, field, b.like(field, 1)), b.like(field, BIAS));
        Value size = b.mul(b.add(leading, mantissa), power(b, exponent));
        Value isSpecial = b.apply(StandardOp.EQUAL, field, b.like(field, 255));
        Value isInfinite = b.apply(StandardOp.EQUAL, mantissa, b.like(mantissa, 0));
        Value special = b.where(isInfinite, b.like(size, Double.POSITIVE_INFINITY), b.like(size, Double.NaN));
        Value magnitude = b.where(isSpecial, special, size);
        Value factor = b.sub(b.like(sign, 1), b.add(sign, sign));
        return b.cast(b.mul(magnitude, factor), OnnxType.FLOAT);
    }

    /** Integers of other sizes: the low ones first, along an axis that is added or removed. */
    private static LoweredTensor integers(OpContext in, Value bits, int width, ElementType to) {
        GraphBuilder b = in.b();
        OnnxType type = ElementTypes.stored(to);
        int last = bits.rank();
        if (to.bits() < width) {
            List<Value> pieces = new ArrayList<>();
            for (int at = 0; at < width; at += to.bits()) {
                Value piece = b.cast(BitOps.shift(b, "RIGHT", bits, at), type);
                pieces.add(b.unsqueeze(piece, last));
            }
            return in.result(b.concat(last, pieces.toArray(Value[]::new)));
        }
        OnnxType wide = to.bits() == 64 ? OnnxType.UINT64 : OnnxType.UINT32;
        List<Value> pieces = b.split(b.cast(bits, wide), last - 1, IndexVectors.ones(to.bits() / width));
        Value joined = null;
        for (int i = 0; i < pieces.size(); i++) {
            Value piece = b.squeeze(pieces.get(i), last - 1L);
            Value placed = i == 0 ? piece : BitOps.shift(b, "LEFT", piece, (long) i * width);
            joined = joined == null ? placed : Numbers.or(b, joined, placed);
        }
        return in.result(b.cast(joined, type));
    }
}
