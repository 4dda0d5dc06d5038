package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.Slices;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The response of a model whose A is diagonal, as are then all of its powers. */
final class DiagonalResponse implements ImpulseResponse {
    @Override
    public Operand<TFloat32> of(StateSpace model, int length) {
        Ops tf = model.tf();
        Operand<TFloat32> halfStep = model.halfStep();
        ComplexTensor r = model.resolvent(halfStep, "Lambda_imag");
        ComplexTensor cb = model.output().times(r.times(model.input())).times(tf.math.mul(halfStep, tf.constant(2f)));
        ComplexTensor powers = powers(model, twiceLessOne(tf, r), length);
        Operand<TFloat32> sum = tf.sum(powers.times(withSteps(tf, cb)).real(), tf.constant(1));
        return tf.math.mul(tf.constant(2f), sum);
    }

    private static ComplexTensor twiceLessOne(Ops tf, ComplexTensor r) {
        return r.times(tf.constant(2f)).plusReal(tf.constant(-1f));
    }

    /** {@code Ā^0, Ā^1, …}, {@code (C, M, length)}. */
    private static ComplexTensor powers(StateSpace model, ComplexTensor a, int length) {
        Ops tf = model.tf();
        ComplexTensor next = withSteps(tf, a);
        ComplexTensor powers = new ComplexTensor(tf, filled(tf, model, 1), filled(tf, model, 0));
        for (int known = 1; known < length; known *= 2) {
            powers = powers.zip(powers.times(next), (some, others) -> tf.concat(List.of(some, others), tf.constant(2)));
            next = next.times(next);
        }
        return powers.map(part -> Slices.along(tf, part, 2, 0, length, 1));
    }

    private static Operand<TFloat32> filled(Ops tf, StateSpace model, float value) {
        return tf.fill(tf.constant(new int[] {model.channels(), model.states(), 1}), tf.constant(value));
    }

    private static ComplexTensor withSteps(Ops tf, ComplexTensor x) {
        return x.map(part -> tf.expandDims(part, tf.constant(2)));
    }
}
