package io.portolan.graphs.layers;

import io.portolan.graphs.config.NormType;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The normalisation layers of flax.linen, and the reference's own of tensors with a time axis ({@code docs/model.md}, section 1.3). */
public final class Normalization {
    private static final float EPSILON = 1e-6f;
    private static final int RANK_WITH_TIME = 5;

    private Normalization() {}

    /**
     * Normalises a tensor, and scales and shifts its channels.
     *
     * @param x pooled vectors (B, C), maps (N, H, W, C), or maps over time (B, T, H, W, C)
     * @param channels C
     */
    public static Operand<TFloat32> apply(ModuleScope scope, NormType type, Operand<TFloat32> x, long channels) {
        if (type == NormType.BATCH) {
            return new BatchNorm(scope, channels).apply(x);
        }
        Ops tf = scope.tf();
        int[] axes = axes(type, x.rank());
        Operand<TFloat32> mean = mean(tf, x, axes);
        // Over a map, what E[x²] − E[x]² cancels is most of float32: there the squares are of differences.
        Operand<TFloat32> variance = type == NormType.INSTANCE || type == NormType.GLOBAL_INSTANCE
                ? mean(tf, tf.math.square(tf.math.sub(x, mean)), axes)
                : Layers.variance(tf, mean(tf, tf.math.square(x), axes), mean);
        return Layers.standardize(scope, x, mean, variance, EPSILON, channels);
    }

    private static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> x, int[] axes) {
        Operand<TFloat32> mean = x;
        for (int axis : axes) {
            mean = Reductions.mean(tf, mean, axis);
        }
        return mean;
    }

    /** Layer norm over channels. */
    public static Operand<TFloat32> layer(ModuleScope scope, Operand<TFloat32> x, long channels) {
        return apply(scope, NormType.LAYER, x, channels);
    }

    /** The axes of the statistics, the last first: sums over many numbers are taken one axis at a time. */
    private static int[] axes(NormType type, int rank) {
        boolean hasTime = rank == RANK_WITH_TIME;
        return switch (type) {
            case TEMPORAL_LAYER -> hasTime ? new int[] {4, 1} : new int[] {rank - 1};
            case GLOBAL_LAYER -> hasTime ? new int[] {4, 3, 2, 1} : new int[] {rank - 1};
            case GLOBAL_INSTANCE -> hasTime ? new int[] {3, 2, 1} : new int[] {rank - 1};
            case INSTANCE -> allButBatchAndChannels(rank);
            case LAYER, BATCH -> new int[] {rank - 1};
        };
    }

    private static int[] allButBatchAndChannels(int rank) {
        int[] axes = new int[rank - 2];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = rank - 2 - i;
        }
        return axes;
    }
}
