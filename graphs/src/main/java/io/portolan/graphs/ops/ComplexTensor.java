package io.portolan.graphs.ops;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TFloat32;

/**
 * A complex tensor as a real and an imaginary part, both float32 and of the same shape. TensorFlow Java has no complex
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

    /** Adds to the real part only. */
    public ComplexTensor plusReal(Operand<TFloat32> shift) {
        return new ComplexTensor(tf, tf.math.add(real, shift), imaginary);
    }

    /** Multiplies by a real factor, with broadcasting. */
    public ComplexTensor times(Operand<TFloat32> factor) {
        return map(part -> tf.math.mul(part, factor));
    }

    /** The complex product, elementwise with broadcasting. */
    public ComplexTensor times(ComplexTensor that) {
        return new ComplexTensor(
                tf,
                tf.math.sub(tf.math.mul(real, that.real), tf.math.mul(imaginary, that.imaginary)),
                tf.math.add(tf.math.mul(real, that.imaginary), tf.math.mul(imaginary, that.real)));
    }

    /** Multiplies by the conjugate of another number, elementwise. */
    ComplexTensor timesConjugate(ComplexTensor that) {
        return new ComplexTensor(
                tf,
                tf.math.add(tf.math.mul(real, that.real), tf.math.mul(imaginary, that.imaginary)),
                tf.math.sub(tf.math.mul(imaginary, that.real), tf.math.mul(real, that.imaginary)));
    }

    public ComplexTensor minus(ComplexTensor that) {
        return zip(that, tf.math::sub);
    }

    public ComplexTensor conjugate() {
        return new ComplexTensor(tf, real, tf.math.neg(imaginary));
    }

    /** {@code |z|²}. */
    public Operand<TFloat32> power() {
        return tf.math.add(tf.math.square(real), tf.math.square(imaginary));
    }

    public ComplexTensor negate() {
        return map(tf.math::neg);
    }

    /**
     * {@code |z|}, as the root of the sum of squares. The sum is floored at the smallest normal number, so that the
     * gradient at zero is zero instead of NaN; the value there is practically zero.
     */
    public Operand<TFloat32> magnitude() {
        Operand<TFloat32> squares = tf.math.add(tf.math.square(real), tf.math.square(imaginary));
        return tf.math.sqrt(tf.math.maximum(squares, tf.constant(Float.MIN_NORMAL)));
    }

    /** The angle in [−π, π]. */
    public Operand<TFloat32> phase() {
        return tf.math.atan2(imaginary, real);
    }

    /** The real and the imaginary part, in the order that gradient rules take them. */
    List<Operand<TFloat32>> parts() {
        return List.of(real, imaginary);
    }

    /**
     * Several numbers along a new axis.
     *
     * @param numbers all of one shape
     */
    public static ComplexTensor stack(Ops tf, List<ComplexTensor> numbers, long axis) {
        return new ComplexTensor(
                tf,
                tf.stack(numbers.stream().map(ComplexTensor::real).toList(), Stack.axis(axis)),
                tf.stack(numbers.stream().map(ComplexTensor::imaginary).toList(), Stack.axis(axis)));
    }

    static ComplexTensor ofParts(Ops tf, List<Operand<TFloat32>> parts) {
        return new ComplexTensor(tf, parts.get(0), parts.get(1));
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
