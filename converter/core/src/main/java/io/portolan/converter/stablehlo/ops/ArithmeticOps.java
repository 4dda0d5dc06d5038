package io.portolan.converter.stablehlo.ops;

import static io.portolan.converter.stablehlo.OpLowering.exact;
import static io.portolan.converter.stablehlo.OpLowering.op;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.ComplexArithmetic;
import io.portolan.converter.lowering.NextFloat;
import io.portolan.converter.lowering.SpecialFunctions;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.lowering.ZetaFunction;
import io.portolan.converter.stablehlo.OpLowering;
import java.util.List;
import java.util.OptionalDouble;

/** Elementwise arithmetic of two tensors. */
final class ArithmeticOps {
    static final List<OpLowering> OPS = List.of(
            binary("stablehlo.add", "Add, Or", ArithmeticOps::add, (b, x, y) -> pairs(b::add, x, y)),
            binary("stablehlo.subtract", "Sub", GraphBuilder::sub, (b, x, y) -> pairs(b::sub, x, y)),
            binary("stablehlo.multiply", "Mul, And", ArithmeticOps::multiply, ComplexArithmetic::multiply),
            binary("stablehlo.divide", "Div", Numbers::divide, ComplexArithmetic::divide),
            op("stablehlo.remainder", "Mod").single(in -> Elementwise.binary(in, Numbers::remainder)),
            binary("stablehlo.maximum", "Max, Or", Numbers::max, (b, x, y) -> larger(b, x, y, true)),
            binary("stablehlo.minimum", "Min, And", Numbers::min, (b, x, y) -> larger(b, x, y, false)),
            binary("stablehlo.power", "Pow, Mul, Sqrt, Reciprocal", ArithmeticOps::power, ComplexArithmetic::power),
            op("chlo.zeta", "a series").single(in -> Elementwise.binary(in, ZetaFunction::zeta)),
            op("chlo.polygamma", "a series").single(in -> Elementwise.binary(in, ZetaFunction::polygamma)),
            op("chlo.next_after", "Abs, Mul, Add, Where").single(in -> Elementwise.binary(in, NextFloat::after)),
            op("stablehlo.atan2", "Atan, Where").single(in -> Elementwise.binary(in, SpecialFunctions::atan2)),
            exact("stablehlo.and", "And, BitwiseAnd").single(in -> Elementwise.binary(in, Numbers::and)),
            exact("stablehlo.or", "Or, BitwiseOr").single(in -> Elementwise.binary(in, Numbers::or)),
            exact("stablehlo.xor", "Equal, Not, BitwiseXor").single(in -> Elementwise.binary(in, Numbers::xor)));

    private ArithmeticOps() {}

    /** A real operation on each part. */
    private interface Parts {
        Value apply(Value x, Value y);
    }

    private static OpLowering binary(
            String name, String onnx, Elementwise.Binary real, Elementwise.ComplexBinary complex) {
        return op(name, onnx).single(in -> Elementwise.binary(in, real, complex));
    }

    private static ComplexValue pairs(Parts operation, ComplexValue x, ComplexValue y) {
        return new ComplexValue(operation.apply(x.re(), y.re()), operation.apply(x.im(), y.im()));
    }

    private static Value add(GraphBuilder b, Value x, Value y) {
        return x.element() == OnnxType.BOOL ? b.apply(StandardOp.OR, x, y) : b.add(x, y);
    }

    private static Value multiply(GraphBuilder b, Value x, Value y) {
        return x.element() == OnnxType.BOOL ? b.apply(StandardOp.AND, x, y) : b.mul(x, y);
    }

    private static Value power(GraphBuilder b, Value x, Value y) {
        OptionalDouble exponent = scalar(y);
        if (x.element().isFloating() && exponent.isPresent()) {
            double number = exponent.getAsDouble();
            if (number == 2) {
                return b.mul(x, x);
            }
            if (number == 1) {
                return x;
            }
            if (number == -1) {
                return b.apply(StandardOp.RECIPROCAL, x);
            }
        }
        return b.apply(StandardOp.POW, x, y);
    }

    private static OptionalDouble scalar(Value y) {
        return y.data()
                .filter(data -> data.size() == 1)
                .map(TensorData::doubles)
                .map(numbers -> OptionalDouble.of(numbers[0]))
                .orElse(OptionalDouble.empty());
    }

    /** The larger or smaller number by real part, and if these are equal by imaginary part. */
    private static ComplexValue larger(GraphBuilder b, ComplexValue x, ComplexValue y, boolean isMaximum) {
        StandardOp better = isMaximum ? StandardOp.GREATER : StandardOp.LESS;
        Value tie = b.apply(StandardOp.AND, b.apply(StandardOp.EQUAL, x.re(), y.re()), b.apply(better, x.im(), y.im()));
        Value first = b.apply(StandardOp.OR, b.apply(better, x.re(), y.re()), tie);
        return new ComplexValue(b.where(first, x.re(), y.re()), b.where(first, x.im(), y.im()));
    }
}
