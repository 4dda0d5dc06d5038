package io.portolan.graphs.ops;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;

/**
 * Real Fourier transforms over the last two axes. No scaling forward, {@code 1/(H·W)} on the inverse
 * ({@code docs/model.md}, section 2). The inverse follows numpy on spectra that are not Hermitian (section 2.5), as
 * TensorFlow's CPU kernel does. TensorFlow Java can differentiate neither. Both are linear, and the gradient of each is
 * the other up to weights: a column of the half spectrum counts twice if its mirror image is in the other half.
 */
public final class Fft {
    private final Ops tf;
    private final int height;
    private final int width;

    /** Creates the transforms of maps of one size. */
    public Fft(Ops tf, int height, int width) {
        this.tf = tf;
        this.height = height;
        this.width = width;
    }

    /** The half spectrum {@code (…, H, W/2+1)} of a real tensor {@code (…, H, W)}. */
    public ComplexTensor rfft2(Operand<TFloat32> x) {
        ComplexTensor spectrum = forward(tf, x);
        return ComplexTensor.ofParts(tf, CustomVjp.attach(tf, List.of(x), spectrum.parts(), (at, gradients) -> {
            ComplexTensor weighted = ComplexTensor.ofParts(at, gradients).times(columnWeights(at, 1f / 2));
            return List.of(at.math.mul(backward(at, weighted), at.constant((float) height * width)));
        }));
    }

    /** The real tensor {@code (…, H, W)} of a half spectrum {@code (…, H, W/2+1)}. */
    public Operand<TFloat32> irfft2(ComplexTensor spectrum) {
        Operand<TFloat32> x = backward(tf, spectrum);
        return CustomVjp.attach(
                        tf,
                        spectrum.parts(),
                        List.of(x),
                        (at, gradients) -> forward(at, gradients.get(0))
                                .times(columnWeights(at, 2f))
                                .times(at.constant(1f / (height * width)))
                                .parts())
                .get(0);
    }

    /** 1 for the columns that are their own mirror image, the first and, for even widths, the last. */
    private Operand<TFloat32> columnWeights(Ops at, float others) {
        float[] weights = new float[width / 2 + 1];
        for (int w = 0; w < weights.length; w++) {
            weights[w] = w == 0 || 2 * w == width ? 1 : others;
        }
        return at.constant(weights);
    }

    private ComplexTensor forward(Ops at, Operand<TFloat32> x) {
        Operation spectrum = at.scope()
                .opBuilder("RFFT2D", "rfft2")
                .addInput(x.asOutput())
                .addInput(at.constant(new int[] {height, width}).asOutput())
                .setAttr("Treal", DataType.DT_FLOAT)
                .setAttr("Tcomplex", DataType.DT_COMPLEX64)
                .build();
        return new ComplexTensor(at, part(at, "Real", spectrum), part(at, "Imag", spectrum));
    }

    private Operand<TFloat32> backward(Ops at, ComplexTensor spectrum) {
        Operation complex = at.scope()
                .opBuilder("Complex", "spectrum")
                .addInput(spectrum.real().asOutput())
                .addInput(spectrum.imaginary().asOutput())
                .setAttr("T", DataType.DT_FLOAT)
                .setAttr("Tout", DataType.DT_COMPLEX64)
                .build();
        if (width == 1) {
            return realColumn(at, complex);
        }
        return at.scope()
                .opBuilder("IRFFT2D", "irfft2")
                .addInput(complex.output(0))
                .addInput(at.constant(new int[] {height, width}).asOutput())
                .setAttr("Treal", DataType.DT_FLOAT)
                .setAttr("Tcomplex", DataType.DT_COMPLEX64)
                .build()
                .output(0);
    }

    /** The inverse transform of a single column, which CUDA's IRFFT2D would take for Hermitian. */
    private static Operand<TFloat32> realColumn(Ops at, Operation spectrum) {
        Operation column = at.scope()
                .opBuilder("Squeeze", "column")
                .addInput(spectrum.output(0))
                .setAttr("T", DataType.DT_COMPLEX64)
                .setAttr("squeeze_dims", new long[] {-1})
                .build();
        Operation inverse = at.scope()
                .opBuilder("IFFT", "ifft")
                .addInput(column.output(0))
                .setAttr("Tcomplex", DataType.DT_COMPLEX64)
                .build();
        return at.expandDims(part(at, "Real", inverse), at.constant(-1));
    }

    private static Operand<TFloat32> part(Ops at, String op, Operation complex) {
        return at.scope()
                .opBuilder(op, op)
                .addInput(complex.output(0))
                .setAttr("T", DataType.DT_COMPLEX64)
                .setAttr("Tout", DataType.DT_FLOAT)
                .build()
                .output(0);
    }
}
