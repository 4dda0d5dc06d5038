package io.portolan.graphs.layers;

import io.portolan.graphs.ops.Convolution;
import io.portolan.graphs.ops.MatrixProduct;
import io.portolan.graphs.ops.PerChannel;
import io.portolan.graphs.ops.Slices;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The layers of flax.linen that the models use, with its defaults ({@code docs/model.md}, section 1.3). */
public final class Layers {
    private Layers() {}

    /** {@code x·kernel + bias} over the last axis: {@code (…, in)} to {@code (…, out)}. */
    public static Operand<TFloat32> dense(ModuleScope scope, Operand<TFloat32> x, long in, long out) {
        Ops tf = scope.tf();
        Operand<TFloat32> kernel = scope.parameter("kernel", in, out);
        Operand<TFloat32> bias = scope.parameter("bias", out);
        return PerChannel.add(tf, MatrixProduct.of(tf, scope.precision(), x, kernel), bias);
    }

    /** A convolution of stride 1 with zero padding and without a bias. */
    public static Operand<TFloat32> convolution(
            ModuleScope scope,
            String kernel,
            Initializer initializer,
            Operand<TFloat32> x,
            long side,
            long in,
            long out) {
        Operand<TFloat32> weights = scope.parameter(kernel, initializer, side, side, in, out);
        return Convolution.of(scope.tf(), scope.precision(), x, weights);
    }

    /** A convolution of stride 1 with zero padding: {@code (N, H, W, in)} to {@code (N, H, W, out)}. */
    public static Operand<TFloat32> convolution(ModuleScope scope, Operand<TFloat32> x, long side, long in, long out) {
        Ops tf = scope.tf();
        Operand<TFloat32> kernel = scope.parameter("kernel", side, side, in, out);
        Operand<TFloat32> bias = scope.parameter("bias", out);
        return PerChannel.add(tf, Convolution.of(tf, scope.precision(), x, kernel), bias);
    }

    /**
     * A convolution of each channel by kernels of its own, of stride 1 with zero padding: {@code (N, H, W, C)} to
     * {@code (N, H, W, C·multiplier)}, what channel c gives from {@code c·multiplier} on.
     */
    public static Operand<TFloat32> depthwise(
            ModuleScope scope, Operand<TFloat32> x, long side, long channels, long multiplier) {
        Ops tf = scope.tf();
        Operand<TFloat32> kernel = scope.parameter("kernel", side, side, 1, channels * multiplier);
        Operand<TFloat32> bias = scope.parameter("bias", channels * multiplier);
        Operand<TFloat32> byChannel = tf.reshape(kernel, tf.constant(new long[] {side, side, channels, multiplier}));
        return PerChannel.add(tf, Convolution.ofEachChannel(tf, x, byChannel), bias);
    }

    /**
     * A convolution of each channel over the second axis that sees nothing to come:
     * {@code y_t = Σ_i w_i x_(t − size + 1 + i) + b}, with zeros before the first.
     *
     * @param x {@code (B, L, …, C)}
     * @param length L
     */
    public static Operand<TFloat32> causal(
            ModuleScope scope, Operand<TFloat32> x, int length, int size, long channels) {
        return PerChannel.add(
                scope.tf(), causalSum(scope, x, length, size, channels), scope.parameter("bias", channels));
    }

    /** The same without the bias b. */
    public static Operand<TFloat32> causalSum(
            ModuleScope scope, Operand<TFloat32> x, int length, int size, long channels) {
        Ops tf = scope.tf();
        Operand<TFloat32> kernel = scope.parameter("kernel", size, 1, channels);
        int[][] paddings = new int[x.rank()][2];
        paddings[1][0] = size - 1;
        Operand<TFloat32> padded = tf.pad(x, tf.constant(paddings), tf.constant(0f));
        Operand<TFloat32> sum = null;
        for (int i = 0; i < size; i++) {
            Operand<TFloat32> weight =
                    tf.reshape(Slices.along(tf, kernel, 0, i, i + 1, 1), tf.constant(new long[] {channels}));
            Operand<TFloat32> term = PerChannel.multiply(tf, Slices.along(tf, padded, 1, i, i + length, 1), weight);
            sum = sum == null ? term : tf.math.add(sum, term);
        }
        return sum;
    }

    /**
     * The variance as E[x²] − E[x]², floored at 0, as flax computes it; a two-pass computation would round differently.
     */
    static Operand<TFloat32> variance(Ops tf, Operand<TFloat32> meanOfSquares, Operand<TFloat32> mean) {
        return tf.math.maximum(tf.constant(0f), tf.math.sub(meanOfSquares, tf.math.square(mean)));
    }

    /** Subtracts the mean, divides by the standard deviation, and applies the learned scale and bias. */
    static Operand<TFloat32> standardize(
            ModuleScope scope,
            Operand<TFloat32> x,
            Operand<TFloat32> mean,
            Operand<TFloat32> variance,
            float epsilon,
            long channels) {
        Ops tf = scope.tf();
        Operand<TFloat32> deviation = tf.math.rsqrt(tf.math.add(variance, tf.constant(epsilon)));
        Operand<TFloat32> scale = scope.parameter("scale", channels);
        Operand<TFloat32> centred = tf.math.sub(x, mean);
        Operand<TFloat32> scaled = deviation.rank() == 1
                ? PerChannel.multiply(tf, centred, tf.math.mul(deviation, scale))
                : PerChannel.multiply(tf, tf.math.mul(centred, deviation), scale);
        return PerChannel.add(tf, scaled, scope.parameter("bias", channels));
    }
}
