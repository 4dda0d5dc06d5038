package io.portolan.graphs.ops;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/** Matrix products over the last two axes; the other axes broadcast. */
public final class MatrixProduct {
    private MatrixProduct() {}

    /**
     * {@code a·b}. TensorFlow Java's own wrapper makes BatchMatMulV3, which fewer tools support and which is the same
     * for float32.
     */
    public static Operand<TFloat32> of(Ops tf, Precision precision, Operand<TFloat32> a, Operand<TFloat32> b) {
        return build(tf, precision, a, b, false);
    }

    /** {@code aᵀ·b}. */
    public static Operand<TFloat32> ofTransposed(
            Ops tf, Precision precision, Operand<TFloat32> a, Operand<TFloat32> b) {
        return build(tf, precision, a, b, true);
    }

    private static Operand<TFloat32> build(
            Ops tf, Precision precision, Operand<TFloat32> a, Operand<TFloat32> b, boolean transposed) {
        Operand<? extends TNumber> product = tf.scope()
                .opBuilder("BatchMatMulV2", "MatMul")
                .addInput(precision.narrowed(tf, a).asOutput())
                .addInput(precision.narrowed(tf, b).asOutput())
                .setAttr("adj_x", transposed)
                .build()
                .<TNumber>output(0);
        return precision.widened(tf, product);
    }
}
