package io.portolan.graphs.ops;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/**
 * The number format of matrix products and convolutions, in the forward and the backward pass. Everything else
 * (weights, statistics, Fourier transforms, recurrences and losses) is always float32.
 */
public enum Precision {
    /** float32 throughout. */
    SINGLE {
        @Override
        Operand<? extends TNumber> narrowed(Ops tf, Operand<TFloat32> x) {
            return x;
        }

        @Override
        @SuppressWarnings("unchecked")
        Operand<TFloat32> widened(Ops tf, Operand<? extends TNumber> x) {
            return (Operand<TFloat32>) x;
        }
    },
    /**
     * Operands and results in bfloat16, sums in float32. It has the exponent range of float32, so gradients need no
     * scaling, and the first entry of a spectrum, the sum of a map, does not overflow as it would in float16.
     */
    MIXED {
        @Override
        Operand<? extends TNumber> narrowed(Ops tf, Operand<TFloat32> x) {
            return tf.dtypes.cast(x, TBfloat16.class);
        }

        @Override
        Operand<TFloat32> widened(Ops tf, Operand<? extends TNumber> x) {
            return tf.dtypes.cast(x, TFloat32.class);
        }
    },
    /**
     * Rounds operands and results in both passes as {@link #MIXED} does, but multiplies in float32. This is the
     * expected result of mixed precision, computed by other machine instructions.
     */
    ROUNDED {
        @Override
        Operand<? extends TNumber> narrowed(Ops tf, Operand<TFloat32> x) {
            return rounded(tf, x);
        }

        @Override
        @SuppressWarnings("unchecked")
        Operand<TFloat32> widened(Ops tf, Operand<? extends TNumber> x) {
            return rounded(tf, (Operand<TFloat32>) x);
        }

        private Operand<TFloat32> rounded(Ops tf, Operand<TFloat32> x) {
            return tf.dtypes.cast(tf.dtypes.cast(x, TBfloat16.class), TFloat32.class);
        }
    };

    /** Converts an operand of a product. */
    abstract Operand<? extends TNumber> narrowed(Ops tf, Operand<TFloat32> x);

    /** Converts the result of a product. */
    abstract Operand<TFloat32> widened(Ops tf, Operand<? extends TNumber> x);
}
