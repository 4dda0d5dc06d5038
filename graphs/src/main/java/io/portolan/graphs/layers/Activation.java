package io.portolan.graphs.layers;

import io.portolan.graphs.config.ActivationType;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Activation functions by type. */
public final class Activation {
    private static final float GELU_CUBIC = 0.044715f;
    private static final float SQRT_TWO_OVER_PI = (float) Math.sqrt(2 / Math.PI);

    private Activation() {}

    public static Operand<TFloat32> apply(Ops tf, ActivationType type, Operand<TFloat32> x) {
        return switch (type) {
            case SOFTPLUS -> tf.math.softplus(x);
            case RELU -> tf.nn.relu(x);
            case GELU -> gelu(tf, x);
        };
    }

    /** The tanh approximation, which is flax's default. */
    private static Operand<TFloat32> gelu(Ops tf, Operand<TFloat32> x) {
        Operand<TFloat32> cube = tf.math.mul(x, tf.math.square(x));
        Operand<TFloat32> inner =
                tf.math.mul(tf.constant(SQRT_TWO_OVER_PI), tf.math.add(x, tf.math.mul(tf.constant(GELU_CUBIC), cube)));
        return tf.math.mul(tf.math.mul(tf.constant(0.5f), x), tf.math.add(tf.constant(1f), tf.math.tanh(inner)));
    }
}
