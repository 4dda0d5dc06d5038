package io.portolan.graphs.cells;

import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/**
 * The shape of what a cell works on, {@code (B, T, H, W, C)} for any batch size B.
 *
 * @param steps T; {@link #OPEN} if only the input tells
 * @param height H
 * @param width W
 * @param channels C, even
 */
public record FeatureMap(int steps, int height, int width, int channels) {
    /** As many steps as the input has. */
    public static final int OPEN = -1;

    /** F, the columns of the half spectrum of a real map. */
    public int halfWidth() {
        return width / 2 + 1;
    }

    /** Entries of the half spectrum of a real map, and so the width of a gate. */
    public int frequencies() {
        return height * halfWidth();
    }

    public boolean isOpen() {
        return steps == OPEN;
    }

    /** T, a scalar; read off a tensor (B, T, …) if it is open. */
    Operand<TInt32> stepsOf(Ops tf, Operand<? extends TNumber> x) {
        return isOpen()
                ? tf.squeeze(tf.slice(tf.shape(x), tf.constant(new int[] {1}), tf.constant(new int[] {1})))
                : tf.constant(steps);
    }

    /** The shape (B, T, rest); B and T are read off a tensor (B, T, …) if T is open. */
    public Operand<TInt32> perStep(Ops tf, Operand<? extends TNumber> x, int... rest) {
        if (!isOpen()) {
            return tf.constant(IntStream.concat(IntStream.of(-1, steps), IntStream.of(rest))
                    .toArray());
        }
        Operand<TInt32> batchAndSteps = tf.slice(tf.shape(x), tf.constant(new int[] {0}), tf.constant(new int[] {2}));
        return tf.concat(List.of(batchAndSteps, tf.constant(rest)), tf.constant(0));
    }
}
