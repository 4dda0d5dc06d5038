package io.portolan.graphs.cells;

import io.portolan.graphs.ops.Slices;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.types.TFloat32;

/**
 * A sequence of feature maps over time.
 * @param value {@code (B, T, H, W, C)}, or {@code (B, H, W, C)} if they are the same at every step
 */
public record FeatureSequence(Operand<TFloat32> value) {
    /** Maps {@code (B, 1, H, W, C)} that are the same at every step. */
    public static FeatureSequence still(Ops tf, Operand<TFloat32> withOneStep) {
        return new FeatureSequence(tf.squeeze(withOneStep, Squeeze.axis(List.of(1L))));
    }

    public boolean isStill() {
        return value.rank() == 4;
    }

    /** The maps of every step, {@code (B, T, H, W, C)}. */
    public Operand<TFloat32> atEveryStep(Ops tf, int steps) {
        return isStill()
                ? tf.tile(tf.expandDims(value, tf.constant(1)), tf.constant(new int[] {1, steps, 1, 1, 1}))
                : value;
    }

    /** The maps over time, {@code (B, T, H, W, C)}; with one step if they are the same at every step. */
    public Operand<TFloat32> withTime(Ops tf) {
        return isStill() ? tf.expandDims(value, tf.constant(1)) : value;
    }

    /** The map of the last step, {@code (B, H, W, C)}. */
    public Operand<TFloat32> atLastStep(Ops tf, FeatureMap map) {
        if (isStill()) {
            return value;
        }
        return map.isOpen()
                ? tf.gather(value, tf.math.sub(map.stepsOf(tf, value), tf.constant(1)), tf.constant(1))
                : tf.squeeze(Slices.along(tf, value, 1, map.steps() - 1, map.steps(), 1), Squeeze.axis(List.of(1L)));
    }

    /** The sum with a tensor that broadcasts to {@code (B, T, H, W, C)}; the same at every step only if both are. */
    public FeatureSequence plus(Ops tf, Operand<TFloat32> perStep) {
        Operand<TFloat32> sum = tf.math.add(withTime(tf), perStep);
        boolean still = isStill() && perStep.shape().get(1) == 1;
        return new FeatureSequence(still ? tf.squeeze(sum, Squeeze.axis(List.of(1L))) : sum);
    }
}
