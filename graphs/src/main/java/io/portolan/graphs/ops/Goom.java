package io.portolan.graphs.ops;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/**
 * Generalised orders of magnitude ({@code docs/model.md}, section 3): a complex number as its complex logarithm, {@code ln|x|} in the
 * real part and the phase in the imaginary part, so that products are sums and nothing overflows.
 */
public final class Goom {
    /** Magnitudes below this become it, with phase 0: an exact zero has no logarithm. */
    public static final float FLOOR = 1e-7f;

    private final Ops tf;

    public Goom(Ops tf) {
        this.tf = tf;
    }

    /** {@code Log(F(x))}: the principal logarithm, phase in (-π, π], of the floored value. */
    public ComplexTensor toGoom(ComplexTensor x) {
        Operand<TFloat32> magnitude = x.magnitude();
        Operand<TBool> tiny = tf.math.less(magnitude, tf.constant(FLOOR));
        return new ComplexTensor(
                tf,
                tf.math.log(tf.math.maximum(magnitude, tf.constant(FLOOR))),
                tf.select(tiny, tf.zerosLike(magnitude), tf.math.atan2(x.imaginary(), x.real())));
    }

    /** {@code e^l}, the number behind a logarithm. */
    public ComplexTensor fromGoom(ComplexTensor logarithm) {
        return logarithm.exp();
    }

    /** {@code ln(e^a + e^b)}, scaled by the larger magnitude; broadcasts. */
    public ComplexTensor logAddExp(ComplexTensor a, ComplexTensor b) {
        Operand<TFloat32> scale = tf.stopGradient(tf.math.maximum(a.real(), b.real()));
        Operand<TFloat32> unscale = tf.math.neg(scale);
        ComplexTensor sum = a.plusReal(unscale).exp().plus(b.plusReal(unscale).exp());
        return toGoom(sum).plusReal(scale);
    }
}
