package io.portolan.graphs.cells;

import io.portolan.graphs.ops.MatrixProduct;
import io.portolan.graphs.ops.Precision;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Attention between tokens, {@code softmax(q kᵀ/√d) v} for each head of d channels, which lie side by side.
 *
 * @param channels of all heads
 */
record MultiHeadAttention(Ops tf, Precision precision, int heads, int channels) {
    private static final int[] TOKENS_BY_HEAD = {0, 2, 1, 3};
    private static final int[] CHANNELS_BY_HEAD = {0, 2, 3, 1};

    /**
     * @param q {@code (N, L, C)}
     * @param k {@code (N, M, C)}
     * @param v {@code (N, M, C)}
     * @return {@code (N, L, C)}
     */
    Operand<TFloat32> of(Operand<TFloat32> q, Operand<TFloat32> k, Operand<TFloat32> v) {
        Operand<TFloat32> scaled = tf.math.mul(q, tf.constant((float) (1 / Math.sqrt(channels / heads))));
        Operand<TFloat32> scores =
                MatrixProduct.of(tf, precision, byHead(scaled, TOKENS_BY_HEAD), byHead(k, CHANNELS_BY_HEAD));
        Operand<TFloat32> mixed = MatrixProduct.of(tf, precision, tf.nn.softmax(scores), byHead(v, TOKENS_BY_HEAD));
        return tf.reshape(
                tf.linalg.transpose(mixed, tf.constant(TOKENS_BY_HEAD)),
                tf.constant(new int[] {-1, length(q), channels}));
    }

    private Operand<TFloat32> byHead(Operand<TFloat32> x, int[] order) {
        int[] shape = {-1, length(x), heads, channels / heads};
        return tf.linalg.transpose(tf.reshape(x, tf.constant(shape)), tf.constant(order));
    }

    private static int length(Operand<TFloat32> x) {
        return Math.toIntExact(x.shape().get(1));
    }
}
