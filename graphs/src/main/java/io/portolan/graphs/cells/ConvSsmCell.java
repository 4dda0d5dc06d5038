package io.portolan.graphs.cells;

import io.portolan.graphs.layers.Initializer;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * A recurrence of every place alone, behind a convolution ({@code docs/model.md}, section 2.16).
 *
 * <pre>
 *     h_t = σ(A)·h_(t−1) + D_B(x) ⊙ conv_hw(x)      y = D(h ⊙ D_C(x))
 * </pre>
 */
final class ConvSsmCell implements Cell {
    private static final Notation NOTATION =
            new Notation(List.of("h"), List.of(List.of("σ(A)")), Notation.symbols(), Notation.symbols());

    @Override
    public Notation notation() {
        return NOTATION;
    }

    @Override
    public boolean isResidual() {
        return false;
    }

    @Override
    public FeatureSequence apply(CellBuilder in, FeatureSequence sequence) {
        Operand<TFloat32> x = in.frames(sequence);
        int channels = in.map().channels();
        Operand<TFloat32> p = in.depthwise("spatial_conv", x, in.kernelSize(), 1);
        Operand<TFloat32> decay =
                in.tf().math.sigmoid(in.scope().parameter("A_logit", new Initializer.Constant(2), channels));
        Operand<TFloat32> h = in.integrated(decay, in.times(in.dense("B_proj", x, channels), p));
        Operand<TFloat32> y = in.times(h, in.dense("C_proj", in.read(x), channels));
        return in.sequence(in.dense("out_proj", y, channels));
    }
}
