package io.portolan.graphs.cells;

import static io.portolan.graphs.config.ModelOption.LEARNED_INIT;

import io.portolan.graphs.layers.Initializer;
import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.Slices;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A cell's states before the first step ({@code docs/model.md}, section 2.12): learned where the options say so, stored as
 * logarithms and the same at all frequencies.
 */
final class InitialStates {
    private InitialStates() {}

    /** For each state {@code (C, 1, 1)}; none for zeros. */
    static List<ComplexTensor> of(CellBuilder in, int states) {
        if (!in.options().flag(LEARNED_INIT)) {
            return List.of();
        }
        Ops tf = in.tf();
        Operand<TFloat32> size = tf.math.exp(stored(in, "init_real", -10, states));
        Operand<TFloat32> phase = stored(in, "init_imag", 0, states);
        List<Operand<TFloat32>> real = Slices.parts(tf, tf.math.mul(size, tf.math.cos(phase)), 3, states);
        List<Operand<TFloat32>> imaginary = Slices.parts(tf, tf.math.mul(size, tf.math.sin(phase)), 3, states);
        int[] shape = {in.map().channels(), 1, 1};
        return IntStream.range(0, states)
                .mapToObj(i -> new ComplexTensor(tf, real.get(i), imaginary.get(i)))
                .map(state -> state.map(part -> tf.reshape(part, tf.constant(shape))))
                .toList();
    }

    /** {@code (C, 1, 1, states)} */
    private static Operand<TFloat32> stored(CellBuilder in, String name, double start, int states) {
        int channels = in.map().channels();
        long[] shape = states == 1 ? new long[] {1, 1, channels, 1, 1} : new long[] {1, 1, channels, 1, 1, states};
        return in.tf()
                .reshape(
                        in.scope().parameter(name, new Initializer.Constant(start), shape),
                        in.tf().constant(new int[] {channels, 1, 1, states}));
    }
}
