package io.portolan.graphs.cells;

import static io.portolan.graphs.config.ModelOption.S4ND_BIDIRECTIONAL;
import static io.portolan.graphs.config.ModelOption.S4ND_STATE_SIZE;

import io.portolan.graphs.layers.Initializer;
import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.Fft;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * S4ND ({@code docs/model.md}, section 2.20): each frame by itself is convolved, circularly, with a kernel that is the product
 * of one over rows and one over columns. Both are impulse responses of state space models, as long as their axes.
 *
 * <pre>
 *     y = D(d ⊙ x + (k_H k_Wᵀ) ∗ x + (r_H r_Wᵀ) ∗ x)      r the reversed kernels, if it works in both directions
 * </pre>
 */
final class S4ndCell implements Cell {
    private final ImpulseResponse response;

    /** @param response the kernels over rows and columns */
    S4ndCell(ImpulseResponse response) {
        this.response = response;
    }

    @Override
    public boolean isResidual() {
        return false;
    }

    @Override
    public FeatureSequence apply(CellBuilder in, FeatureSequence x) {
        Operand<TFloat32> maps = in.irfft2(in.rfft2(in.read(in.frames(x))).times(spectrum(in)));
        return in.sequence(in.dense("out_proj", maps, in.map().channels()));
    }

    /** The spectrum {@code (C, H, F)} of all that an input is convolved with; d is an impulse at the origin. */
    private ComplexTensor spectrum(CellBuilder in) {
        Ops tf = in.tf();
        FeatureMap map = in.map();
        int states = in.options().count(S4ND_STATE_SIZE) / 2;
        Operand<TFloat32> rows = response.of(new StateSpace(in.scope().in("kH"), map.channels(), states), map.height());
        Operand<TFloat32> columns =
                response.of(new StateSpace(in.scope().in("kW"), map.channels(), states), map.width());
        Operand<TFloat32> kernel = product(tf, rows, columns);
        if (in.options().flag(S4ND_BIDIRECTIONAL)) {
            Operand<TFloat32> reversed =
                    product(tf, reversed(tf, rows, map.height()), reversed(tf, columns, map.width()));
            kernel = tf.math.add(kernel, reversed);
        }
        Operand<TFloat32> direct = in.scope().parameter("D", new Initializer.Constant(1), map.channels());
        return new Fft(tf, map.height(), map.width()).rfft2(kernel).plusReal(tf.reshape(direct, tf.constant(new int[] {
            map.channels(), 1, 1
        })));
    }

    /** {@code (C, H)} and {@code (C, W)} to {@code (C, H, W)}. */
    private static Operand<TFloat32> product(Ops tf, Operand<TFloat32> rows, Operand<TFloat32> columns) {
        return tf.math.mul(tf.expandDims(rows, tf.constant(2)), tf.expandDims(columns, tf.constant(1)));
    }

    private static Operand<TFloat32> reversed(Ops tf, Operand<TFloat32> kernel, int length) {
        int[] order = IntStream.range(0, length).map(l -> length - 1 - l).toArray();
        return tf.gather(kernel, tf.constant(order), tf.constant(1));
    }
}
