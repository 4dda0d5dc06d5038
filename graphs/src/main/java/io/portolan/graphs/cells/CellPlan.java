package io.portolan.graphs.cells;

import io.portolan.graphs.config.PositionMode;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** A way to compute a cell's output. All plans give the same result up to rounding. */
public interface CellPlan {
    /**
     * Runs a cell.
     *
     * @param kernelSize side of the cell's spatial kernels as stored
     * @param positions how the cell encodes positions
     * @param x the cell's input
     * @param lastStepOnly whether only the last step's output is wanted
     * @return {@code (B, T, H, W, C)}, or {@code (B, H, W, C)} if only the last step is wanted
     */
    Operand<TFloat32> apply(Cell cell, int kernelSize, PositionMode positions, FeatureSequence x, boolean lastStepOnly);
}
