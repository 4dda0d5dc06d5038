package io.portolan.graphs.layers;

import io.portolan.graphs.config.NormType;
import io.portolan.graphs.ops.Convolution;
import io.portolan.graphs.ops.MatrixProduct;
import io.portolan.graphs.ops.PerChannel;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The layers of flax.linen that the models use, with its defaults ({@code docs/model.md}, section 1.3). */
public final class Layers {
    private static final float LAYER_NORM_EPSILON = 1e-6f;

    private Layers() {}

    /** {@code x·kernel + bias} over the last axis: {@code (…, in)} to {@code (…, out)}. */
    public static Operand<TFloat32> dense(ModuleScope scope, Operand<TFloat32> x, long in, long out) {
        Ops tf = scope.tf();
        Operand<TFloat32> kernel = scope.parameter("kernel", in, out);
        Operand<TFloat32> bias = scope.parameter("bias", out);
        return PerChannel.add(tf, MatrixProduct.of(tf, scope.precision(), x, kernel), bias);
    }

    /** A 3×3 convolution of stride 1 with zero padding: {@code (N, H, W, in)} to {@code (N, H, W, out)}. */
    public static Operand<TFloat32> convolution(ModuleScope scope, Operand<TFloat32> x, long in, long out) {
        Ops tf = scope.tf();
        Operand<TFloat32> kernel = scope.parameter("kernel", 3, 3, in, out);
        Operand<TFloat32> bias = scope.parameter("bias", out);
        return PerChannel.add(tf, Convolution.of(tf, scope.precision(), x, kernel), bias);
    }

    /** Normalises the last axis, of that many channels. */
    public static Operand<TFloat32> normalize(ModuleScope scope, NormType type, Operand<TFloat32> x, long channels) {
        return switch (type) {
            case LAYER -> layerNorm(scope, x, channels);
            case BATCH -> new BatchNorm(scope, channels).apply(x);
        };
    }

    private static Operand<TFloat32> layerNorm(ModuleScope scope, Operand<TFloat32> x, long channels) {
        Ops tf = scope.tf();
        Operand<TFloat32> mean = Reductions.mean(tf, x, x.rank() - 1);
        Operand<TFloat32> meanOfSquares = Reductions.mean(tf, tf.math.square(x), x.rank() - 1);
        Operand<TFloat32> variance = variance(tf, meanOfSquares, mean);
        return standardize(scope, x, mean, variance, LAYER_NORM_EPSILON, channels);
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
