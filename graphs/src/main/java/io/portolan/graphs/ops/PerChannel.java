package io.portolan.graphs.ops;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Sums and products with one value per channel. The gradient of that value is a sum over all other axes whose terms
 * nearly cancel; TensorFlow would sum it serially, so it is summed one axis at a time here.
 */
public final class PerChannel {
    private PerChannel() {}

    /**
     * @param x (…, C)
     * @param channel (C)
     * @return (…, C)
     */
    public static Operand<TFloat32> add(Ops tf, Operand<TFloat32> x, Operand<TFloat32> channel) {
        int rank = x.rank();
        Operand<TFloat32> sum = tf.math.add(x, channel);
        return CustomVjp.attach(
                        tf,
                        List.of(x, channel),
                        List.of(sum),
                        (at, gradients) -> List.of(gradients.get(0), sumOfAllButLast(at, gradients.get(0), rank)))
                .get(0);
    }

    /**
     * @param x (…, C)
     * @param channel (C)
     * @return (…, C)
     */
    public static Operand<TFloat32> multiply(Ops tf, Operand<TFloat32> x, Operand<TFloat32> channel) {
        int rank = x.rank();
        Operand<TFloat32> product = tf.math.mul(x, channel);
        return CustomVjp.attach(
                        tf,
                        List.of(x, channel),
                        List.of(product),
                        (at, gradients) -> List.of(
                                at.math.mul(gradients.get(0), channel),
                                sumOfAllButLast(at, at.math.mul(gradients.get(0), x), rank)))
                .get(0);
    }

    private static Operand<TFloat32> sumOfAllButLast(Ops tf, Operand<TFloat32> x, int rank) {
        Operand<TFloat32> sum = x;
        for (int axis = rank - 2; axis >= 0; axis--) {
            sum = tf.sum(sum, tf.constant(axis));
        }
        return sum;
    }
}
