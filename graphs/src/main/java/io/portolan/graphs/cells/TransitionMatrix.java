package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A cell's transition matrix M as one tensor, averaged over images and steps. It is for inspection only: no plan builds
 * the whole matrix.
 */
final class TransitionMatrix {
    private TransitionMatrix() {}

    /**
     * @param systems of the cell, whose states do not mix: their matrices are the blocks of M
     * @return {@code (C, H, F, n, n)} for n states
     */
    static ComplexTensor mean(Ops tf, FeatureMap map, List<LinearSystem> systems) {
        int states =
                systems.stream().mapToInt(system -> system.transition().size()).sum();
        Operand<TFloat32> zeros =
                tf.zeros(tf.constant(new int[] {1, 1, map.channels(), map.height(), map.halfWidth()}), TFloat32.class);
        List<ComplexTensor> entries = new ArrayList<>();
        int first = 0;
        for (LinearSystem system : systems) {
            int count = system.transition().size();
            for (List<Coefficient> row : system.transition()) {
                for (int j = 0; j < states; j++) {
                    boolean inside = first <= j && j < first + count;
                    entries.add(mean(tf, inside ? row.get(j - first) : Coefficient.ZERO, zeros));
                }
            }
            first += count;
        }
        int[] shape = {states, states, map.channels(), map.height(), map.halfWidth()};
        return ComplexTensor.stack(tf, entries, 0)
                .map(part -> tf.linalg.transpose(
                        tf.reshape(part, tf.constant(shape)), tf.constant(new int[] {2, 3, 4, 0, 1})));
    }

    private static ComplexTensor mean(Ops tf, Coefficient entry, Operand<TFloat32> zeros) {
        ComplexTensor unscaled = entry.unscaled(tf);
        ComplexTensor value = entry.logScale()
                .map(scale -> unscaled.times(tf.math.exp(scale)))
                .orElse(unscaled);
        return value.map(part -> tf.math.mean(tf.math.add(part, zeros), tf.constant(new int[] {0, 1})));
    }
}
