package io.portolan.graphs.ops;

import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;

/** Eigenvalues of stacks of small complex matrices. */
public final class Eigenvalues {
    private Eigenvalues() {}

    /**
     * The spectral radius, the largest magnitude of an eigenvalue.
     *
     * @param matrices {@code (…, n, n)}
     * @return {@code (…)}
     */
    public static Operand<TFloat32> spectralRadius(Ops tf, ComplexTensor matrices) {
        Operation complex = tf.scope()
                .opBuilder("Complex", "matrices")
                .addInput(matrices.real().asOutput())
                .addInput(matrices.imaginary().asOutput())
                .setAttr("T", DataType.DT_FLOAT)
                .setAttr("Tout", DataType.DT_COMPLEX64)
                .build();
        Operation decomposition = tf.scope()
                .opBuilder("Eig", "eigenvalues")
                .addInput(complex.output(0))
                .setAttr("compute_v", false)
                .setAttr("T", DataType.DT_COMPLEX64)
                .setAttr("Tout", DataType.DT_COMPLEX64)
                .build();
        Operand<TFloat32> magnitudes = tf.scope()
                .opBuilder("ComplexAbs", "magnitudes")
                .addInput(decomposition.output(0))
                .setAttr("T", DataType.DT_COMPLEX64)
                .setAttr("Tout", DataType.DT_FLOAT)
                .build()
                .output(0);
        return tf.max(magnitudes, tf.constant(-1));
    }
}
