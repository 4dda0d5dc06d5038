package io.portolan.graphs.cells;

import io.portolan.graphs.config.GateType;
import io.portolan.graphs.layers.ModuleScope;
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
public final class TransitionMatrix {
    private TransitionMatrix() {}

    /**
     * @param scope the cell's scope, with the weights of a built model
     * @param context the input of the gates, {@code (B, T, C)}
     * @return {@code (C, H, F, n, n)} for n states
     */
    public static ComplexTensor mean(
            LinearCell cell, ModuleScope scope, FeatureMap map, int kernelSize, Operand<TFloat32> context) {
        Ops tf = scope.tf();
        LinearSystem system =
                cell.system(new Gates(scope, map, context, GateType.DENSE), new Kernels(scope, map, kernelSize));
        Operand<TFloat32> zeros =
                tf.zeros(tf.constant(new int[] {1, 1, map.channels(), map.height(), map.halfWidth()}), TFloat32.class);
        List<ComplexTensor> entries = new ArrayList<>();
        system.transition()
                .forEach(row -> row.forEach(entry -> {
                    ComplexTensor unscaled = entry.unscaled(tf);
                    ComplexTensor value = entry.logScale()
                            .map(scale -> unscaled.times(tf.math.exp(scale)))
                            .orElse(unscaled);
                    entries.add(value.map(
                            part -> tf.math.mean(tf.math.add(part, zeros), tf.constant(new int[] {0, 1}))));
                }));
        int[] shape = {cell.states(), cell.states(), map.channels(), map.height(), map.halfWidth()};
        return ComplexTensor.stack(tf, entries, 0)
                .map(part -> tf.linalg.transpose(
                        tf.reshape(part, tf.constant(shape)), tf.constant(new int[] {2, 3, 4, 0, 1})));
    }
}
