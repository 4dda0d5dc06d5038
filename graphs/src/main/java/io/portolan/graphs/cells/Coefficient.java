package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * An entry of a linear system, {@code value · e^logScale}, in any shape that broadcasts to {@code (B, T, C, H, F)}. The
 * two factors stay apart because log space floors the value before it scales it ({@code docs/model.md}, section 2.8).
 */
record Coefficient(ComplexTensor value, Optional<Operand<TFloat32>> logScale) {

    static Coefficient of(ComplexTensor value) {
        return new Coefficient(value, Optional.empty());
    }

    static Coefficient real(Ops tf, Operand<TFloat32> value) {
        return of(new ComplexTensor(tf, value, tf.zerosLike(value)));
    }

    static Coefficient zero(Ops tf) {
        return real(tf, tf.constant(0f));
    }

    Coefficient scaledByExp(Operand<TFloat32> exponent) {
        return new Coefficient(value, Optional.of(exponent));
    }
}
