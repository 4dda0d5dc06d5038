package io.portolan.graphs.ops;

import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A complex tensor as its real and its imaginary part, each float32 and of one shape. TensorFlow Java has no complex
 * tensor type; complex64 exists only inside {@link Fft}.
 */
public final class ComplexTensor implements OperandTree<ComplexTensor> {
    private final Ops tf;
    private final Operand<TFloat32> real;
    private final Operand<TFloat32> imaginary;

    public ComplexTensor(Ops tf, Operand<TFloat32> real, Operand<TFloat32> imaginary) {
        this.tf = tf;
        this.real = real;
        this.imaginary = imaginary;
    }

    public Operand<TFloat32> real() {
        return real;
    }

    public Operand<TFloat32> imaginary() {
        return imaginary;
    }

    public ComplexTensor plus(ComplexTensor that) {
        return zip(that, tf.math::add);
    }

    /** Adds to the real part alone. */
    public ComplexTensor plusReal(Operand<TFloat32> shift) {
        return new ComplexTensor(tf, tf.math.add(real, shift), imaginary);
    }

    /** Multiplies by a real factor, with broadcasting. */
    public ComplexTensor times(Operand<TFloat32> factor) {
        return map(part -> tf.math.mul(part, factor));
    }

    public ComplexTensor negate() {
        return map(tf.math::neg);
    }

    /** {@code |z|}, as the root of the sum of squares. */
    public Operand<TFloat32> magnitude() {
        return tf.math.sqrt(tf.math.add(tf.math.square(real), tf.math.square(imaginary)));
    }

    /** {@code exp(z)}. */
    public ComplexTensor exp() {
        Operand<TFloat32> magnitude = tf.math.exp(real);
        return new ComplexTensor(
                tf, tf.math.mul(magnitude, tf.math.cos(imaginary)), tf.math.mul(magnitude, tf.math.sin(imaginary)));
    }

    @Override
    public ComplexTensor map(UnaryOperator<Operand<TFloat32>> function) {
        return new ComplexTensor(tf, function.apply(real), function.apply(imaginary));
    }

    @Override
    public ComplexTensor zip(ComplexTensor that, BinaryOperator<Operand<TFloat32>> function) {
        return new ComplexTensor(tf, function.apply(real, that.real), function.apply(imaginary, that.imaginary));
    }
}
