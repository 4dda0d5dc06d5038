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
public final class BatchNorm {
    /** flax's defaults. */
    private static final Form FLAX = new Form(1e-5f, 0.99f, true);

    /**
     * What batch norms differ in.
     *
     * @param epsilon what is added to variances
     * @param momentum the part of the running statistics that stays in a step
     * @param hasBias whether what is scaled is shifted too
     */
    public record Form(float epsilon, float momentum, boolean hasBias) {}

    private final ModuleScope scope;
    private final ModuleScope statistics;
    private final Form form;
    private final double initialScale;
    private final Ops tf;
    private final long channels;
    private final Operand<TFloat32> runningMean;
    private final Operand<TFloat32> runningVariance;

    BatchNorm(ModuleScope scope, long channels) {
        this(scope, scope, channels, FLAX, 1);
    }

    /**
     * @param scope of scale and bias
     * @param statistics of the running statistics
     * @param initialScale what the scale is before training
     */
    public BatchNorm(ModuleScope scope, ModuleScope statistics, long channels, Form form, double initialScale) {
        this.scope = scope;
        this.statistics = statistics;
        this.tf = scope.tf();
        this.channels = channels;
        this.form = form;
        this.initialScale = initialScale;
        this.runningMean = statistics.statistic("mean", channels);
        this.runningVariance = statistics.statistic("var", channels);
    }

    /** @param x pooled vectors (B, C), or maps (…, H, W, C) */
    public Operand<TFloat32> apply(Operand<TFloat32> x) {
        return switch (scope.mode()) {
            case EVALUATION -> standardize(x, runningMean, runningVariance);
            case TRAINING -> x.rank() == 2 ? vectors(x) : maps(x);
        };
    }

    private Operand<TFloat32> maps(Operand<TFloat32> x) {
        Operand<TFloat32> mean = Reductions.meanOfAllButLast(tf, x);
        Operand<TFloat32> variance = Layers.variance(tf, Reductions.meanOfAllButLast(tf, tf.math.square(x)), mean);
        updateStatistics(mean, variance);
        return standardize(x, mean, variance);
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
        Operand<TFloat64> deviation = tf.math.rsqrt(tf.math.add(variance, tf.constant((double) form.epsilon())));
        Operand<TFloat32> standard = tf.dtypes.cast(tf.math.mul(tf.math.sub(wide, mean), deviation), TFloat32.class);
        Operand<TFloat32> scaled = PerChannel.multiply(tf, standard, scale());
        return form.hasBias() ? PerChannel.add(tf, scaled, scope.parameter("bias", channels)) : scaled;
    }

    private Operand<TFloat32> standardize(Operand<TFloat32> x, Operand<TFloat32> mean, Operand<TFloat32> variance) {
        Operand<TFloat32> deviation = tf.math.rsqrt(tf.math.add(variance, tf.constant(form.epsilon())));
        Operand<TFloat32> scaled = PerChannel.multiply(tf, tf.math.sub(x, mean), tf.math.mul(deviation, scale()));
        return form.hasBias() ? PerChannel.add(tf, scaled, scope.parameter("bias", channels)) : scaled;
    }

    private Operand<TFloat32> scale() {
        return scope.parameter("scale", new Initializer.Constant(initialScale), channels);
    }

    /** Moves the running statistics towards the batch's. */
    private void updateStatistics(Operand<TFloat32> mean, Operand<TFloat32> variance) {
        statistics.newStatistic("mean", movingAverage(runningMean, mean));
        statistics.newStatistic("var", movingAverage(runningVariance, variance));
    }

    private Operand<TFloat32> movingAverage(Operand<TFloat32> running, Operand<TFloat32> batch) {
        return tf.math.add(
                tf.math.mul(tf.constant(form.momentum()), running),
                tf.math.mul(tf.constant(1 - form.momentum()), batch));
    }
}
