package io.portolan.graphs.ops;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/**
 * Generalised orders of magnitude ({@code docs/model.md}, section 3): a complex number represented by its complex
 * logarithm, with {@code ln|x|} in the real part and the phase in the imaginary part, so that products become sums and
 * nothing overflows.
 *
 * <p>Both conversions use the reference's own gradient rules, which avoid division by zero. With real and imaginary
 * parts as coordinates, the gradient of a holomorphic function is the outer gradient times the conjugate of its
 * derivative.
 */
public final class Goom {
    /** Smaller magnitudes are raised to this, with phase 0, because zero has no logarithm. */
    public static final float FLOOR = 1e-7f;

    /** Keeps the derivative of the exponential away from zero: its sign is that of the logarithm's real part. */
    private static final float EXP_OFFSET = 0x1p-23f;

    /** Keeps the derivative of the logarithm finite. */
    private static final float LOG_OFFSET = 1e-10f;

    private final Ops tf;

    public Goom(Ops tf) {
        this.tf = tf;
    }

    /** {@code Log(F(x))}: the principal logarithm, phase in (-π, π], of the floored value. */
    public ComplexTensor toGoom(ComplexTensor x) {
        Operand<TFloat32> magnitude = x.magnitude();
        Operand<TBool> tiny = tf.math.less(magnitude, tf.constant(FLOOR));
        Operand<TFloat32> floored = tf.math.maximum(magnitude, tf.constant(FLOOR));
        Operand<TFloat32> zero = tf.zerosLike(magnitude);
        ComplexTensor logarithm = new ComplexTensor(
                tf, tf.math.log(floored), tf.select(tiny, zero, tf.math.atan2(x.imaginary(), x.real())));
        return ComplexTensor.ofParts(tf, CustomVjp.attach(tf, x.parts(), logarithm.parts(), (at, gradients) -> {
            // The derivative is 1/s with s = x·|x|/(|x|+offset), and zero below the floor.
            Operand<TFloat32> scale = at.math.div(
                    at.math.add(floored, at.constant(LOG_OFFSET)), at.math.mul(floored, at.math.square(floored)));
            ComplexTensor derivative = conjugate(at, x).times(at.select(tiny, zero, scale));
            return ComplexTensor.ofParts(at, gradients)
                    .timesConjugate(derivative)
                    .parts();
        }));
    }

    /** {@code e^l}, the number that a logarithm represents. */
    public ComplexTensor fromGoom(ComplexTensor logarithm) {
        Operand<TFloat32> magnitude = tf.math.exp(logarithm.real());
        ComplexTensor number = new ComplexTensor(
                tf,
                tf.math.mul(magnitude, tf.math.cos(logarithm.imaginary())),
                tf.math.mul(magnitude, tf.math.sin(logarithm.imaginary())));
        return ComplexTensor.ofParts(tf, CustomVjp.attach(tf, logarithm.parts(), number.parts(), (at, gradients) -> {
            Operand<TFloat32> offset = at.select(
                    at.math.less(logarithm.real(), at.constant(0f)),
                    at.math.sub(at.zerosLike(magnitude), at.constant(EXP_OFFSET)),
                    at.math.add(at.zerosLike(magnitude), at.constant(EXP_OFFSET)));
            ComplexTensor derivative = new ComplexTensor(at, number.real(), number.imaginary()).plusReal(offset);
            return ComplexTensor.ofParts(at, gradients)
                    .timesConjugate(derivative)
                    .parts();
        }));
    }

    /** {@code ln(e^a + e^b)}, scaled by the larger magnitude; broadcasts. No gradient flows through the scale. */
    public ComplexTensor logAddExp(ComplexTensor a, ComplexTensor b) {
        Operand<TFloat32> scale = tf.stopGradient(tf.math.maximum(a.real(), b.real()));
        Operand<TFloat32> unscale = tf.math.neg(scale);
        ComplexTensor sum = fromGoom(a.plusReal(unscale)).plus(fromGoom(b.plusReal(unscale)));
        return toGoom(sum).plusReal(scale);
    }

    private static ComplexTensor conjugate(Ops at, ComplexTensor z) {
        return new ComplexTensor(at, z.real(), at.math.neg(z.imaginary()));
    }
}
