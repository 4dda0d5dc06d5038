package io.portolan.graphs.cells;

import io.portolan.graphs.ops.AssociativeScan;
import io.portolan.graphs.ops.OperandTree;
import io.portolan.graphs.ops.Slices;
import java.util.function.BinaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A long sequence {@code (B, L, C)} in K chunks of Q steps, {@code (B, K, Q, C)}, with zeros behind the end. A linear recurrence is
 * run in all chunks at once from zero, step by step. The state that a chunk really starts with is what the chunks before it
 * make of zero, an {@link AssociativeScan} of K. So states need memory for K places rather than for L.
 *
 * @param length L
 * @param count K
 * @param size Q
 */
record Chunks(Ops tf, int length, int count, int size) {
    private static final int CHUNK = 1;

    /** About as many chunks as each has steps. */
    static Chunks of(Ops tf, int length) {
        int size = Integer.highestOneBit((int) Math.sqrt(length));
        return new Chunks(tf, length, (length + size - 1) / size, size);
    }

    /** {@code (B, L, C)} to {@code (B, K, Q, C)}. */
    Operand<TFloat32> cut(Operand<TFloat32> x) {
        int missing = count * size - length;
        Operand<TFloat32> whole =
                missing == 0 ? x : tf.pad(x, tf.constant(new int[][] {{0, 0}, {0, missing}, {0, 0}}), tf.constant(0f));
        return tf.reshape(whole, tf.constant(new int[] {-1, count, size, channels(x)}));
    }

    /** {@code (B, K, Q, C)} to {@code (B, L, C)}. */
    Operand<TFloat32> joined(Operand<TFloat32> x) {
        Operand<TFloat32> whole = tf.reshape(x, tf.constant(new int[] {-1, count * size, channels(x)}));
        return Slices.along(tf, whole, 1, 0, length, 1);
    }

    /**
     * The states that chunks start with.
     *
     * @param chunks what each chunk makes of a state, {@code (B, K, …)}
     * @param rank of all its leaves
     * @param combine an earlier and a later one to that of both
     * @return {@code (B, K, …)}
     */
    <S extends OperandTree<S>> S before(S chunks, int rank, BinaryOperator<S> combine) {
        int[][] zerosFirst = new int[rank][2];
        zerosFirst[CHUNK][0] = 1;
        return new AssociativeScan(tf, rank - CHUNK)
                .inclusive(chunks, count, combine)
                .map(after -> tf.pad(
                        Slices.along(tf, after, CHUNK, 0, count - 1, 1), tf.constant(zerosFirst), tf.constant(0f)));
    }

    private static int channels(Operand<TFloat32> x) {
        return Math.toIntExact(x.shape().get(x.rank() - 1));
    }
}
