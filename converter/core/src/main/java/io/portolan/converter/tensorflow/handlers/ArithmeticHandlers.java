package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.COMPLEX;
import static io.portolan.converter.tensorflow.ElementTypes.FLOATING;
import static io.portolan.converter.tensorflow.ElementTypes.FLOATS;
import static io.portolan.converter.tensorflow.ElementTypes.INTEGERS;
import static io.portolan.converter.tensorflow.ElementTypes.NARROW_INTEGERS;
import static io.portolan.converter.tensorflow.ElementTypes.NUMBERS;
import static io.portolan.converter.tensorflow.ElementTypes.NUMERIC;
import static io.portolan.converter.tensorflow.ElementTypes.WRAPPING_INTEGERS;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.ComplexArithmetic;
import io.portolan.converter.lowering.IncompleteFunctions;
import io.portolan.converter.lowering.SpecialFunctions;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.lowering.ZetaFunction;
import io.portolan.converter.tensorflow.ElementTypes;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;
import org.tensorflow.proto.DataType;

/** Elementwise arithmetic of two or more tensors. */
final class ArithmeticHandlers {
    private static final ElementTypes ARITHMETIC = NUMERIC.and(COMPLEX);

    private static final ElementTypes SHORT_INTEGERS =
            ElementTypes.of(DataType.DT_UINT8, DataType.DT_INT8, DataType.DT_UINT16, DataType.DT_INT16);

    /** What TensorFlow 1 has sums of. */
    private static final ElementTypes FEW = ElementTypes.of(DataType.DT_UINT8, DataType.DT_INT8, DataType.DT_INT16);

    /** An operation on two real tensors. */
    private interface Binary {
        Value apply(GraphBuilder builder, Value x, Value y);
    }

    /** An operation on two complex tensors. */
    private interface ComplexBinary {
        ComplexValue apply(GraphBuilder builder, ComplexValue x, ComplexValue y);
    }

    static final List<OpDefinition> OPS = List.of(
            op("Add", ARITHMETIC).widening(FEW).partwise(node -> node.builder().add(node.input(0), node.input(1))),
            op("AddV2", ARITHMETIC)
                    .widening(WRAPPING_INTEGERS)
                    .partwise(node -> node.builder().add(node.input(0), node.input(1))),
            op("Sub", ARITHMETIC)
                    .widening(WRAPPING_INTEGERS)
                    .partwise(node -> node.builder().sub(node.input(0), node.input(1))),
            op("AddN", ARITHMETIC).widening(WRAPPING_INTEGERS).partwise(ArithmeticHandlers::addN),
            op("AccumulateNV2", ARITHMETIC).partwise(ArithmeticHandlers::addN),
            op("Mul", ARITHMETIC)
                    .widening(WRAPPING_INTEGERS)
                    .single(node -> apply(node, GraphBuilder::mul, ComplexArithmetic::multiply)),
            op("Div", ARITHMETIC)
                    .widening(NARROW_INTEGERS)
                    .single(node -> apply(node, GraphBuilder::div, ComplexArithmetic::divide)),
            complexToo("RealDiv", FLOATING, GraphBuilder::div, ComplexArithmetic::divide),
            complexToo("Pow", NUMERIC, (b, x, y) -> b.apply(StandardOp.POW, x, y), ComplexArithmetic::power),
            complexToo(
                    "SquaredDifference",
                    NUMERIC,
                    ArithmeticHandlers::squaredDifference,
                    ComplexArithmetic::squaredDifference),
            complexToo("DivNoNan", FLOATING, ArithmeticHandlers::divNoNan, ComplexArithmetic::divNoNan),
            real("MulNoNan", FLOATING, (b, x, y) -> unlessZero(b, y, b.mul(x, y))),
            real("Xdivy", FLOATING, (b, x, y) -> unlessZero(b, x, b.div(x, y))),
            real("Xlogy", FLOATING, (b, x, y) -> unlessZero(b, x, b.mul(x, b.apply(StandardOp.LOG, y)))),
            real("Xlog1py", FLOATING, (b, x, y) -> unlessZero(b, x, b.mul(x, SpecialFunctions.log1p(b, y)))),
            ordered("Maximum", NUMERIC, (b, x, y) -> b.apply(StandardOp.MAX, x, y)),
            ordered("Minimum", NUMERIC, (b, x, y) -> b.apply(StandardOp.MIN, x, y)),
            ordered("FloorDiv", NUMBERS, ArithmeticHandlers::floorDiv),
            ordered("FloorMod", NUMBERS, ArithmeticHandlers::floorMod),
            real("Mod", NUMBERS, ArithmeticHandlers::truncateMod),
            real("TruncateMod", NUMBERS, ArithmeticHandlers::truncateMod),
            ordered("TruncateDiv", INTEGERS, GraphBuilder::div),
            real("Atan2", FLOATING, SpecialFunctions::atan2),
            real("Igamma", FLOATS, IncompleteFunctions::lowerGamma),
            real("Igammac", FLOATS, IncompleteFunctions::upperGamma),
            op("Betainc", FLOATS)
                    .real(node ->
                            IncompleteFunctions.beta(node.builder(), node.input(0), node.input(1), node.input(2))),
            real("Zeta", FLOATS, ZetaFunction::zeta),
            real("Polygamma", FLOATS, ZetaFunction::polygamma),
            op("ClipByValue", NUMERIC).widening(SHORT_INTEGERS).real(ArithmeticHandlers::clip));

    private ArithmeticHandlers() {}

    private static OpDefinition real(String name, ElementTypes types, Binary operation) {
        return op(name, types).real(node -> operation.apply(node.builder(), node.input(0), node.input(1)));
    }

    /** An operation of which no digit is lost in a wider type, not even a leading one. */
    private static OpDefinition ordered(String name, ElementTypes types, Binary operation) {
        return op(name, types)
                .widening(NARROW_INTEGERS)
                .real(node -> operation.apply(node.builder(), node.input(0), node.input(1)));
    }

    private static OpDefinition complexToo(String name, ElementTypes types, Binary real, ComplexBinary complex) {
        return op(name, types.and(COMPLEX)).single(node -> apply(node, real, complex));
    }

    private static TranslatedTensor apply(NodeContext node, Binary real, ComplexBinary complex) {
        return node.hasComplexInput()
                ? complex.apply(node.builder(), node.complex(0), node.complex(1))
                : new RealValue(real.apply(node.builder(), node.input(0), node.input(1)));
    }

    private static Value addN(NodeContext node) {
        return node.inputs(0, node.inputCount()).stream()
                .reduce(node.builder()::add)
                .orElseThrow();
    }

    private static Value squaredDifference(GraphBuilder b, Value x, Value y) {
        Value difference = b.sub(x, y);
        return b.mul(difference, difference);
    }

    /** A result, replaced by 0 where a factor is 0. */
    private static Value unlessZero(GraphBuilder b, Value factor, Value result) {
        return b.where(b.apply(StandardOp.EQUAL, factor, b.like(factor, 0)), b.like(result, 0), result);
    }

    private static Value divNoNan(GraphBuilder b, Value x, Value y) {
        return unlessZero(b, y, b.div(x, y));
    }

    /**
     * The quotient rounded down. Integer division rounds towards zero, so the remainder is subtracted first; sizes are not
     * negative, and stay recognisable as sizes without that step.
     */
    static Value floorDiv(GraphBuilder b, Value x, Value y) {
        if (x.element().isFloating()) {
            return b.apply(StandardOp.FLOOR, b.div(x, y));
        }
        return x.isNeverNegative() && y.isNeverNegative()
                ? b.div(x, y)
                : b.div(b.sub(x, b.apply(StandardOp.MOD, x, y)), y);
    }

    /** The remainder with the sign of the divisor. */
    private static Value floorMod(GraphBuilder b, Value x, Value y) {
        if (!x.element().isFloating()) {
            return b.apply(StandardOp.MOD, x, y);
        }
        Value remainder = truncateMod(b, x, y);
        Value zero = b.like(x, 0);
        Value differ =
                b.apply(StandardOp.LESS, b.mul(b.apply(StandardOp.SIGN, remainder), b.apply(StandardOp.SIGN, y)), zero);
        return b.where(differ, b.add(remainder, y), remainder);
    }

    /** The remainder with the sign of the dividend. */
    private static Value truncateMod(GraphBuilder b, Value x, Value y) {
        return b.apply(StandardOp.MOD, Attributes.of("fmod", 1), x, y);
    }

    private static Value clip(NodeContext node) {
        GraphBuilder b = node.builder();
        // In this order, so that the lower bound counts where it is above the upper one.
        return b.apply(StandardOp.MAX, b.apply(StandardOp.MIN, node.input(0), node.input(2)), node.input(1));
    }
}
