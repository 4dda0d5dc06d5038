package io.portolan.graphs.ops;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/**
 * In which numbers matrix products and convolutions are computed, forwards and backwards. Everything else, weights,
 * statistics, Fourier transforms, recurrences and losses, is float32 always.
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
     * Operands and results in bfloat16, sums in float32. Its exponents are those of float32: gradients need no scaling,
     * and the sum of a map that a spectrum begins with, too large for float16, fits.
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
     * Rounds operands and results, forwards and backwards, as {@link #MIXED} does, but multiplies in float32: what mixed precision
     * is to compute, by other machine instructions.
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

    /** An operand as it goes into a product. */
    abstract Operand<? extends TNumber> narrowed(Ops tf, Operand<TFloat32> x);

    /** What came out of a product. */
    abstract Operand<TFloat32> widened(Ops tf, Operand<? extends TNumber> x);
}
