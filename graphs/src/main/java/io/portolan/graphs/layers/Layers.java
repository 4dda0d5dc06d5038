package io.portolan.graphs.layers;

import io.portolan.graphs.config.NormType;
import io.portolan.graphs.ops.Convolution;
import io.portolan.graphs.ops.MatrixProduct;
import io.portolan.graphs.ops.PerChannel;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/** The layers of flax.linen that the models use, with its defaults ({@code docs/model.md}, section 1.3). */
public final class Layers {
    private static final float LAYER_NORM_EPSILON = 1e-6f;
    private static final float BATCH_NORM_EPSILON = 1e-5f;
    private static final float BATCH_NORM_MOMENTUM = 0.99f;

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
            case BATCH -> batchNorm(scope, x, channels);
        };
    }

    private static Operand<TFloat32> layerNorm(ModuleScope scope, Operand<TFloat32> x, long channels) {
        Ops tf = scope.tf();
        Operand<TFloat32> mean = Reductions.mean(tf, x, x.rank() - 1);
        Operand<TFloat32> meanOfSquares = Reductions.mean(tf, tf.math.square(x), x.rank() - 1);
        Operand<TFloat32> variance = variance(tf, meanOfSquares, mean);
        return scaleAndShift(scope, x, mean, variance, LAYER_NORM_EPSILON, channels);
    }

    private static Operand<TFloat32> batchNorm(ModuleScope scope, Operand<TFloat32> x, long channels) {
        Operand<TFloat32> mean = scope.statistic("mean", channels);
        Operand<TFloat32> variance = scope.statistic("var", channels);
        if (scope.mode() == Mode.TRAINING && x.rank() == 2) {
            return batchNormOfVectors(scope, x, mean, variance, channels);
        }
        if (scope.mode() == Mode.TRAINING) {
            Ops tf = scope.tf();
            Operand<TFloat32> runningMean = mean;
            Operand<TFloat32> runningVariance = variance;
            mean = Reductions.meanOfAllButLast(tf, x);
            variance = variance(tf, Reductions.meanOfAllButLast(tf, tf.math.square(x)), mean);
            scope.newStatistic("mean", moved(tf, runningMean, mean));
            scope.newStatistic("var", moved(tf, runningVariance, variance));
        }
        return scaleAndShift(scope, x, mean, variance, BATCH_NORM_EPSILON, channels);
    }

    /**
     * Of pooled vectors a batch has a handful of numbers for each channel, and what the normalisation leaves of a
     * gradient is a small difference of large ones: double precision, which costs nothing here, keeps its digits.
     */
    private static Operand<TFloat32> batchNormOfVectors(
            ModuleScope scope,
            Operand<TFloat32> x,
            Operand<TFloat32> runningMean,
            Operand<TFloat32> runningVariance,
            long channels) {
        Ops tf = scope.tf();
        Operand<TFloat64> wide = tf.dtypes.cast(x, TFloat64.class);
        Operand<TFloat64> mean = tf.math.mean(wide, tf.constant(0));
        Operand<TFloat64> variance =
                tf.math.sub(tf.math.mean(tf.math.square(wide), tf.constant(0)), tf.math.square(mean));
        scope.newStatistic("mean", moved(tf, runningMean, tf.dtypes.cast(mean, TFloat32.class)));
        scope.newStatistic("var", moved(tf, runningVariance, tf.dtypes.cast(variance, TFloat32.class)));
        Operand<TFloat64> deviation =
                tf.math.rsqrt(tf.math.add(variance, tf.constant((double) BATCH_NORM_EPSILON)));
        Operand<TFloat32> standard =
                tf.dtypes.cast(tf.math.mul(tf.math.sub(wide, mean), deviation), TFloat32.class);
        Operand<TFloat32> scaled = PerChannel.multiply(tf, standard, scope.parameter("scale", channels));
        return PerChannel.add(tf, scaled, scope.parameter("bias", channels));
    }

    private static Operand<TFloat32> moved(Ops tf, Operand<TFloat32> running, Operand<TFloat32> batch) {
        return tf.math.add(
                tf.math.mul(tf.constant(BATCH_NORM_MOMENTUM), running),
                tf.math.mul(tf.constant(1 - BATCH_NORM_MOMENTUM), batch));
    }

    /** E[x²] − E[x]², floored at 0, because flax computes it so: two passes would round differently. */
    private static Operand<TFloat32> variance(Ops tf, Operand<TFloat32> meanOfSquares, Operand<TFloat32> mean) {
        return tf.math.maximum(tf.constant(0f), tf.math.sub(meanOfSquares, tf.math.square(mean)));
    }

    private static Operand<TFloat32> scaleAndShift(
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
                : tf.math.mul(centred, PerChannel.multiply(tf, deviation, scale));
        return PerChannel.add(tf, scaled, scope.parameter("bias", channels));
    }
}
