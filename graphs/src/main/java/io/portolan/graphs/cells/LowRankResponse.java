package io.portolan.graphs.cells;

import io.portolan.graphs.layers.Initializer;
import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.MatrixProduct;
import io.portolan.graphs.ops.Precision;
import io.portolan.graphs.ops.Slices;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.core.Sum;
import org.tensorflow.types.TFloat32;

/**
 * The response of a model whose A is diagonal plus low rank, {@code A = Λ − P Qᵀ}. By the formula of Sherman and Morrison, with
 * {@code L = (1 − ½ΔΛ)⁻¹, p = L P, q = L Q}:
 *
 * <pre>
 *     R = L − γ·p qᵀ      γ = ½Δ/(1 + ½Δ·Qᵀ L P)
 * </pre>
 *
 * Complex matrices and vectors are real ones of twice the size, {@code |Re −Im; Im Re|} and {@code |Re; Im|}.
 */
final class LowRankResponse implements ImpulseResponse {
    private static final Initializer RANK_ONE = new Initializer.OfIndex(m -> Math.sqrt(m + 0.5));
    private static final Initializer INPUT = new Initializer.OfIndex(m -> Math.sqrt(2 * m + 1));

    @Override
    public Operand<TFloat32> of(StateSpace model, int length) {
        Ops tf = model.tf();
        int states = model.states();
        Operand<TFloat32> halfStep = model.halfStep();
        Operand<TFloat32> left = model.scope().parameter("P", RANK_ONE, states);
        Operand<TFloat32> right = model.scope().parameter("Q", RANK_ONE, states);
        Operand<TFloat32> b = model.scope().parameter("B", INPUT, states);

        ComplexTensor inverse = model.resolvent(halfStep, "Lambda_im");
        ComplexTensor p = inverse.times(left);
        ComplexTensor q = inverse.times(right);
        Operand<TFloat32> one = tf.constant(1f);
        ComplexTensor gamma = model.reciprocal(
                        sum(tf, p.times(right)).times(halfStep).plusReal(one))
                .times(halfStep);

        ComplexTensor rb = inverse.times(b).minus(p.times(gamma.times(sum(tf, q.times(b)))));
        ComplexTensor r = diagonal(tf, inverse, states)
                .minus(p.times(gamma)
                        .map(part -> tf.expandDims(part, tf.constant(2)))
                        .times(q.map(part -> tf.expandDims(part, tf.constant(1)))));
        ComplexTensor a = r.times(tf.constant(2f)).plusReal(tf.math.neg(identity(tf, states)));
        Operand<TFloat32> responses = powers(tf, block(tf, a), vector(tf, rb), length);
        ComplexTensor c = model.output();
        Operand<TFloat32> reading =
                tf.expandDims(tf.concat(List.of(c.real(), tf.math.neg(c.imaginary())), tf.constant(1)), tf.constant(1));
        Operand<TFloat32> k = tf.squeeze(product(tf, reading, responses), Squeeze.axis(List.of(1L)));
        // 2·Re, and the Δ of B̄
        return tf.math.mul(k, tf.math.mul(tf.constant(4f), halfStep));
    }

    private static ComplexTensor sum(Ops tf, ComplexTensor x) {
        return x.map(part -> tf.sum(part, tf.constant(1), Sum.keepDims(true)));
    }

    /** {@code (C, M)} to {@code (C, M, M)}. */
    private static ComplexTensor diagonal(Ops tf, ComplexTensor x, int states) {
        Operand<TFloat32> one = identity(tf, states);
        return x.map(part -> tf.math.mul(tf.expandDims(part, tf.constant(2)), one));
    }

    private static Operand<TFloat32> identity(Ops tf, int states) {
        float[][] identity = new float[states][states];
        for (int m = 0; m < states; m++) {
            identity[m][m] = 1;
        }
        return tf.constant(identity);
    }

    private static Operand<TFloat32> block(Ops tf, ComplexTensor a) {
        Operand<TFloat32> above = tf.concat(List.of(a.real(), tf.math.neg(a.imaginary())), tf.constant(2));
        Operand<TFloat32> below = tf.concat(List.of(a.imaginary(), a.real()), tf.constant(2));
        return tf.concat(List.of(above, below), tf.constant(1));
    }

    private static Operand<TFloat32> vector(Ops tf, ComplexTensor x) {
        return tf.expandDims(tf.concat(List.of(x.real(), x.imaginary()), tf.constant(1)), tf.constant(2));
    }

    /** {@code v, A v, A² v, …}, {@code (C, 2M, length)}. */
    private static Operand<TFloat32> powers(Ops tf, Operand<TFloat32> a, Operand<TFloat32> v, int length) {
        Operand<TFloat32> next = a;
        Operand<TFloat32> powers = v;
        for (int known = 1; known < length; known *= 2) {
            powers = tf.concat(List.of(powers, product(tf, next, powers)), tf.constant(2));
            next = product(tf, next, next);
        }
        return Slices.along(tf, powers, 2, 0, length, 1);
    }

    private static Operand<TFloat32> product(Ops tf, Operand<TFloat32> a, Operand<TFloat32> b) {
        return MatrixProduct.of(tf, Precision.SINGLE, a, b);
    }
}
