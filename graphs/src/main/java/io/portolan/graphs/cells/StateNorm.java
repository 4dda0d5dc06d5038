package io.portolan.graphs.cells;

import io.portolan.graphs.layers.Initializer;
import io.portolan.graphs.layers.ModuleScope;
import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.Slices;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;

/**
 * A norm of a state in log space: for each channel the logarithms ℓ of the magnitudes are standardised over all
 * frequencies, scaled and shifted; phases are kept ({@code docs/model.md}, section 2.6).
 *
 * <pre>
 *     ℓ' = γ·(ℓ − mean ℓ) / (std ℓ + 1e-6) + β
 * </pre>
 *
 * @param scale γ, {@code (C)} and an axis of length 1 for each axis of frequencies
 * @param shift β, likewise
 */
record StateNorm(Operand<TFloat32> scale, Operand<TFloat32> shift) {
    private static final float EPSILON = 1e-6f;

    /**
     * The norm of one of several states, whose weights {@code ln_gamma} and {@code ln_beta} are {@code (C, 1, 1, states)}.
     *
     * @param frequencyAxes how many axes of a state are frequencies
     */
    static StateNorm of(ModuleScope scope, int index, int states, int channels, int frequencyAxes) {
        return new StateNorm(
                weight(scope, "ln_gamma", 1, index, states, channels, frequencyAxes),
                weight(scope, "ln_beta", 0, index, states, channels, frequencyAxes));
    }

    private static Operand<TFloat32> weight(
            ModuleScope scope, String name, double initial, int index, int states, int channels, int frequencyAxes) {
        Ops tf = scope.tf();
        Operand<TFloat32> all = scope.parameter(name, new Initializer.Constant(initial), channels, 1, 1, states);
        int[] shape = new int[1 + frequencyAxes];
        java.util.Arrays.fill(shape, 1);
        shape[0] = channels;
        return tf.reshape(Slices.along(tf, all, 3, index, index + 1, 1), tf.constant(shape));
    }

    /**
     * Normalises a state.
     *
     * @param state {@code (…, C, frequencies)}
     * @param at maps an operand to its counterpart in the graph under construction
     */
    ComplexTensor apply(Ops tf, ComplexTensor state, UnaryOperator<Operand<TFloat32>> at) {
        Operand<TFloat32> logarithm = tf.math.log(state.magnitude());
        Operand<TFloat32> standard = standardised(tf, logarithm, scale.rank() - 1);
        Operand<TFloat32> normalised = tf.math.add(tf.math.mul(at.apply(scale), standard), at.apply(shift));
        return state.times(tf.math.exp(tf.math.sub(normalised, logarithm)));
    }

    /** {@code (x − mean)/(std + 1e-6)} over the last axes. */
    static Operand<TFloat32> standardised(Ops tf, Operand<TFloat32> x, int axes) {
        Operand<TFloat32> centred = tf.math.sub(x, mean(tf, x, axes));
        Operand<TFloat32> deviation = tf.math.sqrt(mean(tf, tf.math.square(centred), axes));
        return tf.math.div(centred, tf.math.add(deviation, tf.constant(EPSILON)));
    }

    private static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> x, int axes) {
        Operand<TFloat32> mean = x;
        for (int axis = 1; axis <= axes; axis++) {
            mean = tf.math.mean(mean, tf.constant(-axis), Mean.keepDims(true));
        }
        return mean;
    }
}
