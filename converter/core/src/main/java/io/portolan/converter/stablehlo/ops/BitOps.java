package io.portolan.converter.stablehlo.ops;

import static io.portolan.converter.stablehlo.OpLowering.exact;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.stablehlo.OpLowering;
import java.util.Arrays;
import java.util.List;

/**
 * Operations on the bits of integers. ONNX shifts only unsigned integers, of fewer bits than they have, and ONNX Runtime none of 16 bits;
 * so everything is computed on UINT32 or UINT64.
 */
final class BitOps {
    static final List<OpLowering> OPS = List.of(
            exact("stablehlo.not", "Not, BitwiseNot").single(in -> Elementwise.unary(in, Numbers::not)),
            exact("stablehlo.shift_left", "BitShift")
                    .single(in -> Elementwise.binary(in, (b, x, n) -> shift(b, "LEFT", x, n))),
            exact("stablehlo.shift_right_logical", "BitShift")
                    .single(in -> Elementwise.binary(in, (b, x, n) -> shift(b, "RIGHT", x, n))),
            exact("stablehlo.shift_right_arithmetic", "BitShift, BitwiseXor")
                    .single(in -> Elementwise.binary(in, BitOps::shiftArithmetic)),
            exact("stablehlo.popcnt", "BitShift, BitwiseAnd")
                    .single(in -> Elementwise.unary(in, (b, x) -> b.cast(ones(b, bits(b, x)), x.element()))),
            exact("stablehlo.count_leading_zeros", "BitShift, BitwiseOr")
                    .single(in -> Elementwise.unary(in, BitOps::leadingZeros)));

    private BitOps() {}

    /** The bits of an integer, extended by zeros to 32 or 64. */
    static Value bits(GraphBuilder b, Value x) {
        OnnxType unsigned = switch (x.element()) {
            case INT8 -> OnnxType.UINT8;
            case INT16 -> OnnxType.UINT16;
            case INT32 -> OnnxType.UINT32;
            case INT64 -> OnnxType.UINT64;
            default -> x.element();
        };
        return b.cast(b.cast(x, unsigned), unsigned.bytes() <= 4 ? OnnxType.UINT32 : OnnxType.UINT64);
    }

    /** Shifts bits of type UINT32 or UINT64 by a constant. */
    static Value shift(GraphBuilder b, String direction, Value bits, long amount) {
        return b.apply(
                StandardOp.BIT_SHIFT, Attributes.of("direction", direction), bits, Numbers.integer(b, bits, amount));
    }

    /** Shifts by as many bits as another tensor holds; by the width or more, nothing is left. */
    private static Value shift(GraphBuilder b, String direction, Value x, Value amount) {
        int width = 8 * x.element().bytes();
        Value bits = bits(b, x);
        Value by = bits(b, amount);
        if (isBelow(amount, width)) {
            return b.cast(b.apply(StandardOp.BIT_SHIFT, Attributes.of("direction", direction), bits, by), x.element());
        }
        Value fits = b.apply(StandardOp.LESS, by, Numbers.integer(b, by, width));
        Value safe = Numbers.select(b, fits, by, Numbers.integer(b, by, 0));
        Value shifted = b.apply(StandardOp.BIT_SHIFT, Attributes.of("direction", direction), bits, safe);
        return b.cast(Numbers.select(b, fits, shifted, Numbers.integer(b, shifted, 0)), x.element());
    }

    private static boolean isBelow(Value amount, int width) {
        return amount.data()
                .map(TensorData::longs)
                .filter(all -> Arrays.stream(all).allMatch(one -> one >= 0 && one < width))
                .isPresent();
    }

    /** Shifts in copies of the sign: the complement of a negative number is not negative. */
    private static Value shiftArithmetic(GraphBuilder b, Value x, Value amount) {
        if (x.element().isUnsigned()) {
            return shift(b, "RIGHT", x, amount);
        }
        Value isNegative = b.apply(StandardOp.LESS, x, Numbers.integer(b, x, 0));
        Value mask = b.neg(b.cast(isNegative, x.element()));
        Value shifted = shift(b, "RIGHT", b.apply(StandardOp.BITWISE_XOR, x, mask), amount);
        return b.apply(StandardOp.BITWISE_XOR, shifted, mask);
    }

    /** The number of ones, by sums of neighbouring groups of bits. */
    private static Value ones(GraphBuilder b, Value bits) {
        boolean isWide = bits.element() == OnnxType.UINT64;
        Value sum = b.sub(bits, masked(b, shift(b, "RIGHT", bits, 1), 0x5555555555555555L));
        sum = b.add(masked(b, sum, 0x3333333333333333L), masked(b, shift(b, "RIGHT", sum, 2), 0x3333333333333333L));
        sum = masked(b, b.add(sum, shift(b, "RIGHT", sum, 4)), 0x0f0f0f0f0f0f0f0fL);
        return shift(b, "RIGHT", b.mul(sum, Numbers.integer(b, sum, 0x0101010101010101L)), isWide ? 56 : 24);
    }

    private static Value masked(GraphBuilder b, Value bits, long mask) {
        return b.apply(StandardOp.BITWISE_AND, bits, Numbers.integer(b, bits, mask));
    }

    /** The width less the number of ones after the first one is copied to all lower places. */
    private static Value leadingZeros(GraphBuilder b, Value x) {
        int width = 8 * x.element().bytes();
        Value filled = bits(b, x);
        for (int by = 1; by < width; by *= 2) {
            filled = b.apply(StandardOp.BITWISE_OR, filled, shift(b, "RIGHT", filled, by));
        }
        Value ones = ones(b, filled);
        return b.cast(b.sub(Numbers.integer(b, ones, width), ones), x.element());
    }
}
