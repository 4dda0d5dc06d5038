package io.portolan.graphs.layers;

import io.portolan.graphs.ops.MatrixProduct;
import io.portolan.graphs.ops.Precision;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Attention between tokens, {@code softmax(q kᵀ/√d) v} for each head of d channels, which lie side by side.
 *
 * @param channels of all heads
 */
public record MultiHeadAttention(Ops tf, Precision precision, int heads, int channels) {
    private static final int[] TOKENS_BY_HEAD = {0, 2, 1, 3};
    private static final int[] CHANNELS_BY_HEAD = {0, 2, 3, 1};

    /**
     * What each query takes of each key.
     *
     * @param q {@code (N, L, C)}
     * @param k {@code (N, M, C)}
     * @return {@code (N, heads, L, M)}; each row sums up to 1
     */
    public Operand<TFloat32> weights(Operand<TFloat32> q, Operand<TFloat32> k) {
        Operand<TFloat32> scaled = tf.math.mul(q, tf.constant((float) (1 / Math.sqrt(channels / heads))));
        return tf.nn.softmax(
                MatrixProduct.of(tf, precision, byHead(scaled, TOKENS_BY_HEAD), byHead(k, CHANNELS_BY_HEAD)));
    }

    /**
     * The values, mixed by {@link #weights}.
     *
     * @param v {@code (N, M, C)}
     * @param like a tensor {@code (N, L, …)}, whose L the result has
     * @return {@code (N, L, C)}
     */
    public Operand<TFloat32> mixed(Operand<TFloat32> weights, Operand<TFloat32> v, Operand<TFloat32> like) {
        Operand<TFloat32> mixed = MatrixProduct.of(tf, precision, weights, byHead(v, TOKENS_BY_HEAD));
        return tf.reshape(tf.linalg.transpose(mixed, tf.constant(TOKENS_BY_HEAD)), shape(like, channels));
    }

    private Operand<TFloat32> byHead(Operand<TFloat32> x, int[] order) {
        return tf.linalg.transpose(tf.reshape(x, shape(x, heads, channels / heads)), tf.constant(order));
    }

    /** The shape (N, L, rest); N and L are read off a tensor if the length is open. */
    private Operand<TInt32> shape(Operand<TFloat32> x, int... rest) {
        long length = x.shape().get(1);
        if (length != Shape.UNKNOWN_SIZE) {
            return tf.constant(IntStream.concat(IntStream.of(-1, Math.toIntExact(length)), IntStream.of(rest))
                    .toArray());
        }
        Operand<TInt32> sequences = tf.slice(tf.shape(x), tf.constant(new int[] {0}), tf.constant(new int[] {2}));
        return tf.concat(List.of(sequences, tf.constant(rest)), tf.constant(0));
    }
}
