package io.portolan.graphs.cells;

import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/**
 * The shape of a cell's feature maps, {@code (B, T, H, W, C)} for any batch size B.
 *
 * @param steps T; {@link #OPEN} if it is known only when the graph runs
 * @param height H
 * @param width W
 * @param channels C, even
 */
public record FeatureMap(int steps, int height, int width, int channels) {
    /** The value of {@code steps} if there are as many as the input has. */
    public static final int OPEN = -1;

    /** F, the columns of the half spectrum of a real map. */
    public int halfWidth() {
        return width / 2 + 1;
    }

    /** H·F, the number of entries in the half spectrum of a real map, which is also the width of a gate. */
    public int frequencies() {
        return height * halfWidth();
    }

    public boolean isOpen() {
        return steps == OPEN;
    }

    /** T as a scalar; taken from the shape of {@code x}, (B, T, …), if it is open. */
    Operand<TInt32> stepsOf(Ops tf, Operand<? extends TNumber> x) {
        return isOpen()
                ? tf.squeeze(tf.slice(tf.shape(x), tf.constant(new int[] {1}), tf.constant(new int[] {1})))
                : tf.constant(steps);
    }

    /** The shape (B, T, rest); B and T are taken from the shape of {@code x}, (B, T, …), if T is open. */
    public Operand<TInt32> perStep(Ops tf, Operand<? extends TNumber> x, int... rest) {
        if (!isOpen()) {
            return tf.constant(IntStream.concat(IntStream.of(-1, steps), IntStream.of(rest))
                    .toArray());
        }
        Operand<TInt32> batchAndSteps = tf.slice(tf.shape(x), tf.constant(new int[] {0}), tf.constant(new int[] {2}));
        return tf.concat(List.of(batchAndSteps, tf.constant(rest)), tf.constant(0));
    }
}
