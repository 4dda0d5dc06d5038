package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.ANY;
import static io.portolan.converter.tensorflow.ElementTypes.FLOATING;
import static io.portolan.converter.tensorflow.ElementTypes.FLOATS;
import static io.portolan.converter.tensorflow.ElementTypes.HALVES;
import static io.portolan.converter.tensorflow.ElementTypes.INTEGERS;
import static io.portolan.converter.tensorflow.ElementTypes.NARROW_INTEGERS;
import static io.portolan.converter.tensorflow.ElementTypes.NUMERIC;
import static io.portolan.converter.tensorflow.ElementTypes.TEXTS;
import static io.portolan.converter.tensorflow.ElementTypes.TRUTH;
import static io.portolan.converter.tensorflow.ElementTypes.WRAPPING_INTEGERS;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;
import java.util.stream.LongStream;

/** Comparisons, selections, booleans and bits. */
final class LogicHandlers {
    static final List<OpDefinition> OPS = List.of(
            comparison("Greater", StandardOp.GREATER),
            comparison("GreaterEqual", StandardOp.GREATER_OR_EQUAL),
            comparison("Less", StandardOp.LESS),
            comparison("LessEqual", StandardOp.LESS_OR_EQUAL),
            op("Equal", ANY.and(HALVES).and(TEXTS)).widening(NARROW_INTEGERS).real(LogicHandlers::equal),
            op("NotEqual", ANY.and(HALVES).and(TEXTS))
                    .widening(NARROW_INTEGERS)
                    .real(node -> not(node.builder(), equal(node))),
            op("ApproximateEqual", FLOATS).reads("tolerance").real(LogicHandlers::approximatelyEqual),
            op("LogicalAnd", TRUTH).untyped().real(node -> binary(node, StandardOp.AND)),
            op("LogicalOr", TRUTH).untyped().real(node -> binary(node, StandardOp.OR)),
            op("LogicalNot", TRUTH).untyped().real(node -> not(node.builder(), node.input(0))),
            op("IsNan", FLOATING).real(node -> node.builder().apply(StandardOp.IS_NAN, node.input(0))),
            op("IsInf", FLOATING).real(node -> isInfinite(node.builder(), node.input(0))),
            op("IsFinite", FLOATING).real(LogicHandlers::isFinite),
            op("Select", ANY.and(HALVES).and(TEXTS)).widening(WRAPPING_INTEGERS).partwise(LogicHandlers::select),
            op("SelectV2", ANY.and(HALVES).and(TEXTS))
                    .widening(WRAPPING_INTEGERS)
                    .partwise(node -> choose(node.builder(), node.input(0), node.input(1), node.input(2))),
            op("BitwiseAnd", INTEGERS)
                    .widening(WRAPPING_INTEGERS)
                    .since(18)
                    .real(node -> binary(node, StandardOp.BITWISE_AND)),
            op("BitwiseOr", INTEGERS)
                    .widening(WRAPPING_INTEGERS)
                    .since(18)
                    .real(node -> binary(node, StandardOp.BITWISE_OR)),
            op("BitwiseXor", INTEGERS)
                    .widening(WRAPPING_INTEGERS)
                    .since(18)
                    .real(node -> binary(node, StandardOp.BITWISE_XOR)),
            op("Invert", INTEGERS).widening(WRAPPING_INTEGERS).real(LogicHandlers::invert),
            op("LeftShift", INTEGERS).real(LogicHandlers::leftShift),
            op("RightShift", INTEGERS).real(LogicHandlers::rightShift));

    private LogicHandlers() {}

    private static OpDefinition comparison(String name, StandardOp operator) {
        return op(name, NUMERIC).widening(NARROW_INTEGERS).real(node -> binary(node, operator));
    }

    private static Value binary(NodeContext node, StandardOp operator) {
        return node.builder().apply(operator, node.input(0), node.input(1));
    }

    private static Value not(GraphBuilder b, Value x) {
        return b.apply(StandardOp.NOT, x);
    }

    private static Value equal(NodeContext node) {
        GraphBuilder b = node.builder();
        if (!node.hasComplexInput()) {
            return node.input(0).element() == OnnxType.STRING
                    ? TextHandlers.same(b, node.input(0), node.input(1))
                    : binary(node, StandardOp.EQUAL);
        }
        ComplexValue x = node.complex(0);
        ComplexValue y = node.complex(1);
        return b.apply(
                StandardOp.AND, b.apply(StandardOp.EQUAL, x.re(), y.re()), b.apply(StandardOp.EQUAL, x.im(), y.im()));
    }

    private static Value approximatelyEqual(NodeContext node) {
        GraphBuilder b = node.builder();
        Value distance = b.apply(StandardOp.ABS, b.sub(node.input(0), node.input(1)));
        return b.apply(StandardOp.LESS, distance, b.like(distance, (float) node.real("tolerance", 1e-5f)));
    }

    private static Value isFinite(NodeContext node) {
        GraphBuilder b = node.builder();
        return not(b, b.apply(StandardOp.OR, b.apply(StandardOp.IS_NAN, node.input(0)), isInfinite(b, node.input(0))));
    }

    /** Of types of 16 bits as floats, because the operator takes these in later opsets only. */
    private static Value isInfinite(GraphBuilder b, Value x) {
        return b.apply(StandardOp.IS_INF, x.element() == OnnxType.DOUBLE ? x : b.cast(x, OnnxType.FLOAT));
    }

    /** The older version of Select, in which a vector condition selects whole rows. */
    private static Value select(NodeContext node) {
        GraphBuilder b = node.builder();
        Value condition = node.input(0);
        int rank = node.input(1).rank();
        if (condition.rank() == 1 && rank > 1) {
            condition = b.unsqueeze(condition, LongStream.range(1, rank).toArray());
        }
        return choose(b, condition, node.input(1), node.input(2));
    }

    /** Where, which runtimes lack for booleans. */
    static Value choose(GraphBuilder b, Value condition, Value yes, Value no) {
        if (yes.element() != OnnxType.BOOL) {
            return b.where(condition, yes, no);
        }
        Value whenTrue = b.apply(StandardOp.AND, condition, yes);
        Value whenFalse = b.apply(StandardOp.AND, not(b, condition), no);
        return b.apply(StandardOp.OR, whenTrue, whenFalse);
    }

    /** Inverts all bits: in two's complement, the negative minus 1. */
    private static Value invert(NodeContext node) {
        GraphBuilder b = node.builder();
        return b.sub(b.neg(node.input(0)), b.like(node.input(0), 1));
    }

    /** Left shifts as products with powers of two, because ONNX shifts unsigned integers only. */
    private static Value leftShift(NodeContext node) {
        GraphBuilder b = node.builder();
        return b.mul(
                node.input(0),
                b.cast(
                        powerOfTwo(b, node.input(1), bits(node) - 1),
                        node.input(0).element()));
    }

    /** Right shifts as quotients by powers of two, rounded down; the highest power is not a positive integer and needs a second step. */
    private static Value rightShift(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        Value most = b.constant(TensorData.scalar(x.element(), bits(node) - 2));
        Value first = b.apply(StandardOp.MIN, node.input(1), most);
        Value shifted = ArithmeticHandlers.floorDiv(b, x, b.cast(powerOfTwo(b, first, bits(node) - 2), x.element()));
        Value again = b.apply(StandardOp.GREATER, node.input(1), most);
        return b.where(again, ArithmeticHandlers.floorDiv(b, shifted, b.like(x, 2)), shifted);
    }

    private static int bits(NodeContext node) {
        return 8 * node.input(0).element().bytes();
    }

    private static Value powerOfTwo(GraphBuilder b, Value exponent, int highest) {
        long[] powers = LongStream.rangeClosed(0, highest).map(bit -> 1L << bit).toArray();
        return b.apply(StandardOp.GATHER, b.longs(powers), exponent);
    }
}
