package io.portolan.graphs.layers;

import io.portolan.graphs.ops.PerChannel;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/**
 * Batch normalisation of the last axis with flax's defaults: it uses the batch's own statistics in training and the
 * running statistics otherwise.
 */
final class BatchNorm {
    private static final float EPSILON = 1e-5f;
    private static final float MOMENTUM = 0.99f;

    private final ModuleScope scope;
    private final Ops tf;
    private final long channels;
    private final Operand<TFloat32> runningMean;
    private final Operand<TFloat32> runningVariance;

    BatchNorm(ModuleScope scope, long channels) {
        this.scope = scope;
        this.tf = scope.tf();
        this.channels = channels;
        this.runningMean = scope.statistic("mean", channels);
        this.runningVariance = scope.statistic("var", channels);
    }

    /** @param x pooled vectors (B, C), or maps (…, H, W, C) */
    Operand<TFloat32> apply(Operand<TFloat32> x) {
        return switch (scope.mode()) {
            case EVALUATION -> Layers.standardize(scope, x, runningMean, runningVariance, EPSILON, channels);
            case TRAINING -> x.rank() == 2 ? vectors(x) : maps(x);
        };
    }

    private Operand<TFloat32> maps(Operand<TFloat32> x) {
        Operand<TFloat32> mean = Reductions.meanOfAllButLast(tf, x);
        Operand<TFloat32> variance = Layers.variance(tf, Reductions.meanOfAllButLast(tf, tf.math.square(x)), mean);
        updateStatistics(mean, variance);
        return Layers.standardize(scope, x, mean, variance, EPSILON, channels);
    }

    /**
     * Normalises pooled vectors in double precision. A batch has few values for each channel, so the gradient is a
     * small difference of large numbers and would lose its digits; double precision costs nothing here.
     */
    private Operand<TFloat32> vectors(Operand<TFloat32> x) {
        Operand<TFloat64> wide = tf.dtypes.cast(x, TFloat64.class);
        Operand<TFloat64> mean = tf.math.mean(wide, tf.constant(0));
        Operand<TFloat64> variance =
                tf.math.sub(tf.math.mean(tf.math.square(wide), tf.constant(0)), tf.math.square(mean));
        updateStatistics(tf.dtypes.cast(mean, TFloat32.class), tf.dtypes.cast(variance, TFloat32.class));
        Operand<TFloat64> deviation = tf.math.rsqrt(tf.math.add(variance, tf.constant((double) EPSILON)));
        Operand<TFloat32> standard = tf.dtypes.cast(tf.math.mul(tf.math.sub(wide, mean), deviation), TFloat32.class);
        Operand<TFloat32> scaled = PerChannel.multiply(tf, standard, scope.parameter("scale", channels));
        return PerChannel.add(tf, scaled, scope.parameter("bias", channels));
    }

    /** Moves the running statistics towards the batch's. */
    private void updateStatistics(Operand<TFloat32> mean, Operand<TFloat32> variance) {
        scope.newStatistic("mean", movingAverage(runningMean, mean));
        scope.newStatistic("var", movingAverage(runningVariance, variance));
    }

    private Operand<TFloat32> movingAverage(Operand<TFloat32> running, Operand<TFloat32> batch) {
        return tf.math.add(tf.math.mul(tf.constant(MOMENTUM), running), tf.math.mul(tf.constant(1 - MOMENTUM), batch));
    }
}
