package io.portolan.graphs.cells;

import io.portolan.graphs.ops.OperandTree;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * What some steps of a linear recurrence make of a state, {@code s → s·factor + shift}.
 *
 * @param factor numbers or matrices
 * @param shift the state that zero becomes
 */
record AffineMap(Operand<TFloat32> factor, Operand<TFloat32> shift) implements OperandTree<AffineMap> {
    /** This map and then another. */
    AffineMap then(AffineMap later, BinaryOperator<Operand<TFloat32>> times, BinaryOperator<Operand<TFloat32>> plus) {
        return new AffineMap(
                times.apply(factor, later.factor), plus.apply(times.apply(shift, later.factor), later.shift));
    }

    @Override
    public AffineMap map(UnaryOperator<Operand<TFloat32>> function) {
        return new AffineMap(function.apply(factor), function.apply(shift));
    }

    @Override
    public AffineMap zip(AffineMap that, BinaryOperator<Operand<TFloat32>> function) {
        return new AffineMap(function.apply(factor, that.factor), function.apply(shift, that.shift));
    }
}
