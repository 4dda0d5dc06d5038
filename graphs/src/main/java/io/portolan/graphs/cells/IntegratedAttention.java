package io.portolan.graphs.cells;

import io.portolan.graphs.layers.Initializer;
import io.portolan.graphs.ops.ComplexTensor;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Attention that is integrated over time ({@code docs/model.md}, section 2.11): a map a of each step, collected with a decay
 * γ, weights what it was made of.
 *
 * <pre>
 *     e_t = γ·Â·e_(t−1) + (1 − γ)·a_t      y ← y ⊙ σ(e)
 * </pre>
 *
 * @param form how a is made, and whether it spreads
 * @param kernelSize side of the kernel of {@link Form#SPREAD}
 * @param width of the projections of {@link Form#QUERY_KEY}
 */
record IntegratedAttention(Form form, int kernelSize, int width) {
    enum Form {
        /** a is a Dense layer's one channel, and Â a spatial kernel. */
        SPREAD,
        /** a is a Dense layer's one channel; Â = 1. */
        ELEMENTWISE,
        /** a is the product of a query and a key; Â = 1. */
        QUERY_KEY
    }

    /** The symbol of what is left of e. */
    String transition() {
        return form == Form.SPREAD ? "γ·Â" : "γ";
    }

    /** @param y of every step, {@code (B, T, H, W, C)} */
    Operand<TFloat32> apply(CellBuilder in, Operand<TFloat32> y) {
        Ops tf = in.tf();
        Operand<TFloat32> gamma = tf.math.sigmoid(in.scope().parameter("attn_gamma", new Initializer.Constant(0), 1));
        Operand<TFloat32> rest = tf.math.sub(tf.constant(1f), gamma);
        Operand<TFloat32> e = form == Form.SPREAD
                ? in.irfft2(spread(in, gamma, rest, in.dense("attn_collapse", y, 1)))
                : in.integrated(gamma, in.times(rest, map(in, y)));
        return in.times(in.read(y), tf.math.sigmoid(e));
    }

    private ComplexTensor spread(CellBuilder in, Operand<TFloat32> gamma, Operand<TFloat32> rest, Operand<TFloat32> a) {
        ComplexTensor kernel = in.kernels().spectrum("attn_kernel", 1, kernelSize);
        return in.states(LinearSystem.of(Coefficient.gated(kernel, gamma), InputGate.of(rest)), List.of(in.rfft2(a)))
                .get(0);
    }

    private Operand<TFloat32> map(CellBuilder in, Operand<TFloat32> y) {
        if (form == Form.ELEMENTWISE) {
            return in.dense("attn_collapse", y, 1);
        }
        Ops tf = in.tf();
        Operand<TFloat32> products = in.times(in.dense("attn_q", y, width), in.dense("attn_k", y, width));
        return tf.math.mul(
                tf.sum(products, tf.constant(-1), org.tensorflow.op.core.Sum.keepDims(true)),
                tf.constant((float) (1 / Math.sqrt(width))));
    }
}
