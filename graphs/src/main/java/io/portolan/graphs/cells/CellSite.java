package io.portolan.graphs.cells;

import io.portolan.graphs.config.Options;
import io.portolan.graphs.config.PositionMode;
import io.portolan.graphs.layers.ModuleScope;
import org.tensorflow.op.Ops;

/**
 * Where a cell is built.
 *
 * @param scope of its weights
 * @param map what it works on
 * @param time how time is unrolled
 * @param positions how the cell marks positions
 * @param kernelSize side of its spatial kernels as stored
 * @param options of the model and the cell
 * @param lastStepOnly whether only the last step's output is needed
 */
public record CellSite(
        ModuleScope scope,
        FeatureMap map,
        TimeForm time,
        PositionMode positions,
        int kernelSize,
        Options options,
        boolean lastStepOnly) {

    Ops tf() {
        return scope.tf();
    }

    Kernels kernels() {
        return new Kernels(scope, map, kernelSize);
    }
}
