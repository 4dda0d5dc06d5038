package io.portolan.graphs.ops;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/** Convolutions over height and width, of stride 1. */
public final class Convolution {
    private static final long[] STRIDES = {1, 1, 1, 1};

    private Convolution() {}

    /**
     * A convolution with zero padding that keeps the size.
     *
     * @param x (N, H, W, in)
     * @param kernel (height, width, in, out)
     * @return (N, H, W, out)
     */
    public static Operand<TFloat32> of(Ops tf, Precision precision, Operand<TFloat32> x, Operand<TFloat32> kernel) {
        Operand<? extends TNumber> convolved = tf.scope()
                .opBuilder("Conv2D", "Conv2d")
                .addInput(precision.narrowed(tf, x).asOutput())
                .addInput(precision.narrowed(tf, kernel).asOutput())
                .setAttr("strides", STRIDES)
                .setAttr("padding", "SAME")
                .build()
                .<TNumber>output(0);
        return precision.widened(tf, convolved);
    }
}
