package io.portolan.graphs.ops;

import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * A value made of several float32 tensors, on which functions act leaf by leaf.
 *
 * @param <S> the implementing type itself
 */
public interface OperandTree<S extends OperandTree<S>> {
    /** Applies a function to every leaf. */
    S map(UnaryOperator<Operand<TFloat32>> function);

    /** Applies a function to every pair of corresponding leaves. */
    S zip(S that, BinaryOperator<Operand<TFloat32>> function);
}
