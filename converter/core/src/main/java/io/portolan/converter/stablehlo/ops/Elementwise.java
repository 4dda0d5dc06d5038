package io.portolan.converter.stablehlo.ops;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.stablehlo.LoweredTensor;
import io.portolan.converter.stablehlo.OpContext;
import java.util.Objects;
import java.util.Optional;

/** Adapters for elementwise operations: operands are taken, and results left, in compact form. */
final class Elementwise {
    private Elementwise() {}

    /** A function of one real tensor. */
    interface Unary {
        Value apply(GraphBuilder b, Value x);
    }

    /** A function of two real tensors that broadcast. */
    interface Binary {
        Value apply(GraphBuilder b, Value x, Value y);
    }

    /** A function of one complex tensor. */
    interface ComplexUnary {
        ComplexValue apply(GraphBuilder b, ComplexValue x);
    }

    /** A function of two complex tensors that broadcast. */
    interface ComplexBinary {
        ComplexValue apply(GraphBuilder b, ComplexValue x, ComplexValue y);
    }

    /** A result in compact form. */
    static LoweredTensor result(OpContext in, TranslatedTensor compact) {
        Optional<Value> shape = in.operands().stream()
                .map(operand -> operand.shape().orElse(null))
                .filter(Objects::nonNull)
                .findFirst();
        return new LoweredTensor(in.resultType(), compact, shape);
    }

    /** A real result in compact form. */
    static LoweredTensor result(OpContext in, Value compact) {
        return result(in, new RealValue(compact));
    }

    static LoweredTensor unary(OpContext in, Unary real) {
        return result(in, real.apply(in.b(), in.compact(0)));
    }

    static LoweredTensor unary(OpContext in, Unary real, ComplexUnary complex) {
        return in.hasComplex() ? result(in, complex.apply(in.b(), pair(in, 0))) : unary(in, real);
    }

    static LoweredTensor binary(OpContext in, Binary real) {
        return result(in, real.apply(in.b(), in.compact(0), in.compact(1)));
    }

    static LoweredTensor binary(OpContext in, Binary real, ComplexBinary complex) {
        return in.hasComplex() ? result(in, complex.apply(in.b(), pair(in, 0), pair(in, 1))) : binary(in, real);
    }

    /** A complex operand in compact form. */
    static ComplexValue pair(OpContext in, int index) {
        if (in.operand(index).compact() instanceof ComplexValue pair) {
            return pair;
        }
        throw new IllegalArgumentException("expected complex numbers as operand " + index + ", got " + in.type(index));
    }
}
