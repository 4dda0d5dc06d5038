package io.portolan.graphs.layers;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;

/** Means and maxima over axes. */
public final class Reductions {
    private Reductions() {}

    /** The mean over one axis, which is kept with length 1. */
    static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> x, int axis) {
        return tf.math.mean(x, tf.constant(axis), Mean.keepDims(true));
    }

    /**
     * The mean over two adjacent axes, which are removed. It takes one axis at a time: TensorFlow sums serially, and
     * over all 56×56 positions at once its rounding alone moved logits by 1.6e-5.
     *
     * @param axis the first of the two
     */
    public static Operand<TFloat32> mapMean(Ops tf, Operand<TFloat32> x, int axis) {
        return tf.math.mean(tf.math.mean(x, tf.constant(axis + 1)), tf.constant(axis));
    }

    /** The mean over all axes but the last, which are removed, also one axis at a time. */
    static Operand<TFloat32> meanOfAllButLast(Ops tf, Operand<TFloat32> x) {
        Operand<TFloat32> mean = x;
        for (int axis = x.rank() - 2; axis >= 0; axis--) {
            mean = tf.math.mean(mean, tf.constant(axis));
        }
        return mean;
    }

    /** The maximum over axes, which are removed. */
    public static Operand<TFloat32> max(Ops tf, Operand<TFloat32> x, int[] axes) {
        return tf.max(x, tf.constant(axes));
    }
}
