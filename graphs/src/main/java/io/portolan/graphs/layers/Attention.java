package io.portolan.graphs.layers;

import io.portolan.graphs.ops.MatrixProduct;
import io.portolan.graphs.ops.Slices;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Attention of several heads among the tokens of a sequence: {@code D(softmax(q·kᵀ·(C/heads)^(−1/2))·v)}. */
public final class Attention {
    /** Of as many tokens as the input has. */
    public static final int OPEN = -1;

    private Attention() {}

    /**
     * Builds the layer.
     *
     * @param qkv of a projection to queries, keys and values, one behind the other, each of all heads
     * @param projection of a projection behind
     * @param x {@code (N, L, C)}
     * @param length L; {@link #OPEN} if only the input tells
     * @param heads a divisor of C
     */
    public static Operand<TFloat32> apply(
            ModuleScope qkv, ModuleScope projection, Operand<TFloat32> x, int length, int channels, int heads) {
        if (channels % heads != 0) {
            throw new WeightsException(channels + " channels cannot be shared by " + heads + " heads of attention");
        }
        Ops tf = qkv.tf();
        int size = channels / heads;
        Operand<TFloat32> projected = Layers.dense(qkv, x, channels, 3L * channels);
        Operand<TFloat32> byPart = tf.linalg.transpose(
                tf.reshape(projected, shape(tf, x, length, 3, heads, size)), tf.constant(new int[] {2, 0, 3, 1, 4}));
        List<Operand<TFloat32>> parts = Slices.parts(tf, byPart, 0, 3).stream()
                .<Operand<TFloat32>>map(part -> tf.squeeze(part, Squeeze.axis(List.of(0L))))
                .toList();
        Operand<TFloat32> query = tf.math.mul(parts.get(0), tf.constant((float) (1 / Math.sqrt(size))));
        Operand<TFloat32> key = tf.linalg.transpose(parts.get(1), tf.constant(new int[] {0, 1, 3, 2}));
        Operand<TFloat32> weights = tf.nn.softmax(MatrixProduct.of(tf, qkv.precision(), query, key));
        Operand<TFloat32> mixed = MatrixProduct.of(tf, qkv.precision(), weights, parts.get(2));
        Operand<TFloat32> together = tf.reshape(
                tf.linalg.transpose(mixed, tf.constant(new int[] {0, 2, 1, 3})), shape(tf, x, length, channels));
        return Layers.dense(projection, together, channels, channels);
    }

    private static Operand<TInt32> shape(Ops tf, Operand<TFloat32> x, int length, int... rest) {
        if (length != OPEN) {
            return tf.constant(IntStream.concat(IntStream.of(-1, length), IntStream.of(rest))
                    .toArray());
        }
        Operand<TInt32> sequences = tf.slice(tf.shape(x), tf.constant(new int[] {0}), tf.constant(new int[] {2}));
        return tf.concat(List.of(sequences, tf.constant(rest)), tf.constant(0));
    }
}
