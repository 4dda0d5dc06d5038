package io.portolan.graphs.cells;

import io.portolan.graphs.layers.Initializer;
import io.portolan.graphs.layers.ModuleScope;
import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.Slices;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The weights of a state space model {@code ds/dτ = A s + B u, y = 2·Re Cᵀ s} for each channel, of M complex states, in time steps of
 * Δ.
 *
 * @param scope of the weights
 * @param channels number of models, which share A and B
 * @param states M
 */
record StateSpace(ModuleScope scope, int channels, int states) {
    private static final Initializer DAMPING = new Initializer.Constant(Math.log(0.5));
    private static final Initializer FREQUENCIES = new Initializer.OfIndex(m -> Math.PI * m);
    private static final Initializer STEPS = new Initializer.LogUniform(1e-3, 1e-1);

    Ops tf() {
        return scope.tf();
    }

    /** ½Δ, {@code (C, 1)}. */
    Operand<TFloat32> halfStep() {
        Operand<TFloat32> logStep = scope.parameter("log_Delta", STEPS, channels);
        return tf().math.mul(tf().constant(0.5f), tf().math.exp(asColumn(logStep)));
    }

    /** C, {@code (C, M)}. */
    ComplexTensor output() {
        Initializer random = new Initializer.Normal(Math.sqrt(1.0 / states));
        return parts(scope.parameter("C_ri", random, channels, 2, states), 1, channels);
    }

    /** The B of a diagonal A, {@code (1, M)}. As C is random, a phase that all B have in common changes nothing. */
    ComplexTensor input() {
        return parts(scope.parameter("B_ri", new Initializer.Constant(Math.sqrt(0.5)), 2, states), 0, 1);
    }

    /**
     * {@code (1 − ½ΔΛ)⁻¹} of the diagonal matrix {@code Λ_m = −e^(λ_m) + iω_m}, {@code (C, M)}.
     *
     * @param frequencies the name of ω
     */
    ComplexTensor resolvent(Operand<TFloat32> halfStep, String frequencies) {
        Operand<TFloat32> damping = tf().math.exp(scope.parameter("Lambda_log", DAMPING, states));
        Operand<TFloat32> omega = scope.parameter(frequencies, FREQUENCIES, states);
        ComplexTensor denominator = new ComplexTensor(
                tf(),
                tf().math.add(tf().constant(1f), tf().math.mul(halfStep, damping)),
                tf().math.neg(tf().math.mul(halfStep, omega)));
        return reciprocal(denominator);
    }

    ComplexTensor reciprocal(ComplexTensor z) {
        return z.conjugate().times(tf().math.reciprocal(z.power()));
    }

    /** Real and imaginary part along an axis, each as so many rows of M. */
    private ComplexTensor parts(Operand<TFloat32> both, int axis, int rows) {
        List<Operand<TFloat32>> parts = Slices.parts(tf(), both, axis, 2);
        return new ComplexTensor(tf(), parts.get(0), parts.get(1))
                .map(part -> tf().reshape(part, tf().constant(new int[] {rows, states})));
    }

    private Operand<TFloat32> asColumn(Operand<TFloat32> x) {
        return tf().reshape(x, tf().constant(new int[] {channels, 1}));
    }
}
