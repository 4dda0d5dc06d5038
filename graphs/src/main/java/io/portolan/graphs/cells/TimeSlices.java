package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.Slices;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.types.TFloat32;

/** The steps of tensors {@code (B, T or 1, …)}, each tensor being cut once; what has no time axis is itself at every step. */
final class TimeSlices {
    private static final int RANK_WITH_TIME = 5;
    private static final long TIME = 1;

    private final Ops tf;
    private final Map<Operand<TFloat32>, List<Operand<TFloat32>>> cut = new IdentityHashMap<>();

    TimeSlices(Ops tf) {
        this.tf = tf;
    }

    /** A step, {@code (B, …)}. */
    Operand<TFloat32> step(Operand<TFloat32> x, int t) {
        if (x.rank() < RANK_WITH_TIME) {
            return x;
        }
        List<Operand<TFloat32>> parts = cut.computeIfAbsent(
                x,
                whole -> Slices.parts(
                                tf,
                                whole,
                                (int) TIME,
                                Math.toIntExact(whole.shape().get((int) TIME)))
                        .stream()
                        .<Operand<TFloat32>>map(part -> tf.squeeze(part, Squeeze.axis(List.of(TIME))))
                        .toList());
        return parts.get(parts.size() == 1 ? 0 : t);
    }

    /** A step of a complex tensor. */
    ComplexTensor step(ComplexTensor x, int t) {
        return x.map(part -> step(part, t));
    }
}
