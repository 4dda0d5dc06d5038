package io.portolan.graphs.layers;

import io.portolan.graphs.ops.MatrixProduct;
import io.portolan.graphs.ops.Slices;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.types.TFloat32;

/** Attention of several heads among the tokens of a sequence: {@code D(softmax(q·kᵀ·(C/heads)^(−1/2))·v)}. */
public final class Attention {
    private Attention() {}

    /**
     * Builds the layer.
     *
     * @param qkv of a projection to queries, keys and values, one behind the other, each of all heads
     * @param projection of a projection behind
     * @param x {@code (N, L, C)}
     * @param length L
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
                tf.reshape(projected, tf.constant(new int[] {-1, length, 3, heads, size})),
                tf.constant(new int[] {2, 0, 3, 1, 4}));
        List<Operand<TFloat32>> parts = Slices.parts(tf, byPart, 0, 3).stream()
                .<Operand<TFloat32>>map(part -> tf.squeeze(part, Squeeze.axis(List.of(0L))))
                .toList();
        Operand<TFloat32> query = tf.math.mul(parts.get(0), tf.constant((float) (1 / Math.sqrt(size))));
        Operand<TFloat32> key = tf.linalg.transpose(parts.get(1), tf.constant(new int[] {0, 1, 3, 2}));
        Operand<TFloat32> weights = tf.nn.softmax(MatrixProduct.of(tf, qkv.precision(), query, key));
        Operand<TFloat32> mixed = MatrixProduct.of(tf, qkv.precision(), weights, parts.get(2));
        Operand<TFloat32> together = tf.reshape(
                tf.linalg.transpose(mixed, tf.constant(new int[] {0, 2, 1, 3})),
                tf.constant(new int[] {-1, length, channels}));
        return Layers.dense(projection, together, channels, channels);
    }
}
