package io.portolan.graphs.ops;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.OperationBuilder;
import org.tensorflow.ndarray.Shape;
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
        if (precision == Precision.MIXED) {
            return ofEvenChannels(tf, precision, x, kernel);
        }
        return build(tf, precision, x, kernel);
    }

    /**
     * A convolution of each channel by its own kernels, in float32, with zero padding that keeps the size.
     *
     * @param x (N, H, W, C)
     * @param kernel (height, width, C, multiplier)
     * @return (N, H, W, C·multiplier)
     */
    public static Operand<TFloat32> ofEachChannel(Ops tf, Operand<TFloat32> x, Operand<TFloat32> kernel) {
        Operand<TFloat32> convolved = eachChannel(tf, "DepthwiseConv2dNative", x, kernel);
        return CustomVjp.attach(
                        tf,
                        List.of(x, kernel),
                        List.of(convolved),
                        (at, gradients) -> List.of(
                                eachChannel(
                                        at,
                                        "DepthwiseConv2dNativeBackpropInput",
                                        at.shape(x),
                                        kernel,
                                        gradients.get(0)),
                                eachChannel(
                                        at,
                                        "DepthwiseConv2dNativeBackpropFilter",
                                        x,
                                        at.shape(kernel),
                                        gradients.get(0))))
                .get(0);
    }

    private static Operand<TFloat32> eachChannel(Ops tf, String type, Operand<?>... inputs) {
        OperationBuilder op = tf.scope().opBuilder(type, "Depthwise");
        for (Operand<?> input : inputs) {
            op.addInput(input.asOutput());
        }
        return op.setAttr("strides", STRIDES).setAttr("padding", "SAME").build().output(0);
    }

    /**
     * Channels of zeros make both numbers of channels even. With an odd number to sum over, oneDNN in TensorFlow 2.18 reads beyond
     * the last bfloat16 of a pair on processors with AVX-512: forwards for the input's channels, backwards for the output's.
     */
    private static Operand<TFloat32> ofEvenChannels(
            Ops tf, Precision precision, Operand<TFloat32> x, Operand<TFloat32> kernel) {
        Shape shape = kernel.shape();
        int missingIn = Math.toIntExact(shape.get(2) % 2);
        int missingOut = Math.toIntExact(shape.get(3) % 2);
        if (missingIn == 0 && missingOut == 0) {
            return build(tf, precision, x, kernel);
        }
        Operand<TFloat32> padded =
                build(tf, precision, padded(tf, x, 0, missingIn), padded(tf, kernel, missingIn, missingOut));
        return missingOut == 0
                ? padded
                : tf.slice(padded, tf.constant(new int[4]), tf.constant(new int[] {-1, -1, -1, (int) shape.get(3)}));
    }

    /** Pads the ends of the last two axes with zeros. */
    private static Operand<TFloat32> padded(Ops tf, Operand<TFloat32> x, int beforeLast, int last) {
        int[][] zeros = {{0, 0}, {0, 0}, {0, beforeLast}, {0, last}};
        return tf.pad(x, tf.constant(zeros), tf.constant(0f));
    }

    private static Operand<TFloat32> build(Ops tf, Precision precision, Operand<TFloat32> x, Operand<TFloat32> kernel) {
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
