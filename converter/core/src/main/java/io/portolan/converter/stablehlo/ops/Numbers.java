package io.portolan.converter.stablehlo.ops;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongPredicate;

/** Arithmetic on real tensors of every type, where ONNX Runtime has kernels for some types only, or defines less than XLA. */
final class Numbers {
    private static final Set<OnnxType> SELECTED = EnumSet.of(
            OnnxType.FLOAT, OnnxType.DOUBLE, OnnxType.FLOAT16, OnnxType.INT32, OnnxType.INT64, OnnxType.UINT8);
    private static final Set<OnnxType> COMPARED = EnumSet.of(
            OnnxType.FLOAT,
            OnnxType.DOUBLE,
            OnnxType.FLOAT16,
            OnnxType.INT32,
            OnnxType.INT64,
            OnnxType.UINT32,
            OnnxType.UINT64);

    private Numbers() {}

    /** A constant scalar integer of the type of another value. */
    static Value integer(GraphBuilder b, Value like, long number) {
        return b.constant(TensorData.ofLongs(like.element(), new long[] {number}));
    }

    /** A truth value. */
    static Value truth(GraphBuilder b, boolean truth) {
        return b.constant(TensorData.scalar(OnnxType.BOOL, truth ? 1 : 0));
    }

    static Value not(GraphBuilder b, Value x) {
        return b.apply(x.element() == OnnxType.BOOL ? StandardOp.NOT : StandardOp.BITWISE_NOT, x);
    }

    static Value and(GraphBuilder b, Value x, Value y) {
        return b.apply(x.element() == OnnxType.BOOL ? StandardOp.AND : StandardOp.BITWISE_AND, x, y);
    }

    static Value or(GraphBuilder b, Value x, Value y) {
        return b.apply(x.element() == OnnxType.BOOL ? StandardOp.OR : StandardOp.BITWISE_OR, x, y);
    }

    static Value xor(GraphBuilder b, Value x, Value y) {
        return x.element() == OnnxType.BOOL
                ? not(b, b.apply(StandardOp.EQUAL, x, y))
                : b.apply(StandardOp.BITWISE_XOR, x, y);
    }

    /** Selects elements of any type. */
    static Value select(GraphBuilder b, Value condition, Value yes, Value no) {
        OnnxType type = yes.element();
        if (condition.isConstant() && condition.rank() == 0 && yes.shape().sameAs(no.shape())) {
            return condition.data().orElseThrow().longAt(0) == 1 ? yes : no;
        }
        if (type == OnnxType.BOOL) {
            return b.apply(
                    StandardOp.OR,
                    b.apply(StandardOp.AND, condition, yes),
                    b.apply(StandardOp.AND, b.apply(StandardOp.NOT, condition), no));
        }
        if (SELECTED.contains(type)) {
            return b.where(condition, yes, no);
        }
        OnnxType wide = type.bytes() < Integer.BYTES ? OnnxType.INT32 : OnnxType.INT64;
        return b.cast(b.where(condition, b.cast(yes, wide), b.cast(no, wide)), type);
    }

    static Value max(GraphBuilder b, Value x, Value y) {
        return x.element() == OnnxType.BOOL ? b.apply(StandardOp.OR, x, y) : compared(b, StandardOp.MAX, x, y);
    }

    static Value min(GraphBuilder b, Value x, Value y) {
        return x.element() == OnnxType.BOOL ? b.apply(StandardOp.AND, x, y) : compared(b, StandardOp.MIN, x, y);
    }

    private static Value compared(GraphBuilder b, StandardOp op, Value x, Value y) {
        OnnxType type = x.element();
        return COMPARED.contains(type)
                ? b.apply(op, x, y)
                : b.cast(b.apply(op, b.cast(x, OnnxType.INT32), b.cast(y, OnnxType.INT32)), type);
    }

    /** Truncated division; as in XLA, x / 0 has all bits set, and the smallest number divided by -1 is itself. */
    static Value divide(GraphBuilder b, Value x, Value y) {
        if (!x.element().isInteger() || isSafeDivisor(y)) {
            return b.div(x, y);
        }
        Value isZero = b.apply(StandardOp.EQUAL, y, integer(b, y, 0));
        Value one = integer(b, y, 1);
        Value ones = integer(b, y, -1);
        if (x.element().isUnsigned()) {
            return select(b, isZero, ones, b.div(x, select(b, isZero, one, y)));
        }
        Value isMinusOne = b.apply(StandardOp.EQUAL, y, ones);
        Value safe = select(b, b.apply(StandardOp.OR, isZero, isMinusOne), one, y);
        Value quotient = select(b, isMinusOne, b.sub(integer(b, x, 0), x), b.div(x, safe));
        return select(b, isZero, ones, quotient);
    }

    /** The remainder of truncated division, with the sign of the dividend; as in XLA, the remainder of division by 0 is the dividend. */
    static Value remainder(GraphBuilder b, Value x, Value y) {
        if (!x.element().isInteger() || isSafeDivisor(y)) {
            return modulo(b, x, y);
        }
        Value isZero = b.apply(StandardOp.EQUAL, y, integer(b, y, 0));
        Value one = integer(b, y, 1);
        if (x.element().isUnsigned()) {
            return select(b, isZero, x, modulo(b, x, select(b, isZero, one, y)));
        }
        Value isMinusOne = b.apply(StandardOp.EQUAL, y, integer(b, y, -1));
        Value safe = select(b, b.apply(StandardOp.OR, isZero, isMinusOne), one, y);
        return select(b, isZero, x, modulo(b, x, safe));
    }

    /** ONNX Runtime computes the remainder with the sign of the dividend in double precision, which is too little for 64 bits. */
    private static Value modulo(GraphBuilder b, Value x, Value y) {
        if (x.element().isUnsigned()) {
            return b.apply(StandardOp.MOD, x, y);
        }
        if (x.element() == OnnxType.INT64) {
            return b.sub(x, b.mul(b.div(x, y), y));
        }
        return b.apply(StandardOp.MOD, Attributes.of("fmod", 1), x, y);
    }

    private static boolean isSafeDivisor(Value y) {
        LongPredicate safe = divisor -> divisor != 0 && divisor != -1;
        return y.data().map(data -> Arrays.stream(data.longs()).allMatch(safe)).orElse(false);
    }

    /** The negative; of unsigned numbers, modulo their range. */
    static Value negate(GraphBuilder b, Value x) {
        return x.element().isUnsigned() ? b.sub(integer(b, x, 0), x) : b.neg(x);
    }

    /** Whether floats are finite. */
    static Value isFinite(GraphBuilder b, Value x) {
        return b.apply(StandardOp.LESS, b.apply(StandardOp.ABS, x), b.like(x, Double.POSITIVE_INFINITY));
    }

    /** Whether floats are not numbers. */
    static Value isNan(GraphBuilder b, Value x) {
        return b.apply(StandardOp.IS_NAN, x);
    }
}
