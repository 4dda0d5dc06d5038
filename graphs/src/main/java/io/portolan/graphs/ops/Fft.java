package io.portolan.graphs.ops;

import java.util.Locale;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;

/**
 * Real Fourier transforms over the last two axes. No scaling forward, {@code 1/(H·W)} on the inverse ({@code docs/model.md},
 * section 2). The inverse follows numpy on spectra that are not Hermitian ({@code docs/model.md}, section 2.5), as TensorFlow's CPU
 * kernel does.
 */
public final class Fft {
    private final Ops tf;

    public Fft(Ops tf) {
        this.tf = tf;
    }

    /** The half spectrum {@code (…, H, W/2+1)} of a real tensor {@code (…, H, W)}. */
    public ComplexTensor rfft2(Operand<TFloat32> x, int height, int width) {
        Operation spectrum = tf.scope()
                .opBuilder("RFFT2D", "rfft2")
                .addInput(x.asOutput())
                .addInput(tf.constant(new int[] {height, width}).asOutput())
                .setAttr("Treal", DataType.DT_FLOAT)
                .setAttr("Tcomplex", DataType.DT_COMPLEX64)
                .build();
        return new ComplexTensor(tf, part("Real", spectrum), part("Imag", spectrum));
    }

    /** The real tensor {@code (…, H, W)} of a half spectrum {@code (…, H, W/2+1)}. */
    public Operand<TFloat32> irfft2(ComplexTensor spectrum, int height, int width) {
        Operation complex = tf.scope()
                .opBuilder("Complex", "spectrum")
                .addInput(spectrum.real().asOutput())
                .addInput(spectrum.imaginary().asOutput())
                .setAttr("T", DataType.DT_FLOAT)
                .setAttr("Tout", DataType.DT_COMPLEX64)
                .build();
        Operation x = tf.scope()
                .opBuilder("IRFFT2D", "irfft2")
                .addInput(complex.output(0))
                .addInput(tf.constant(new int[] {height, width}).asOutput())
                .setAttr("Treal", DataType.DT_FLOAT)
                .setAttr("Tcomplex", DataType.DT_COMPLEX64)
                .build();
        return x.output(0);
    }

    private Output<TFloat32> part(String op, Operation complex) {
        return tf.scope()
                .opBuilder(op, op.toLowerCase(Locale.ROOT))
                .addInput(complex.output(0))
                .setAttr("T", DataType.DT_COMPLEX64)
                .setAttr("Tout", DataType.DT_FLOAT)
                .build()
                .output(0);
    }
}
