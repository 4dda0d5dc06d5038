package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** A way to compute cells. All plans compute the same function, up to rounding. */
interface CellPlan {
    /** Builds a linear cell. */
    FeatureSequence apply(LinearCell cell, FeatureSequence x);

    /** The maps of all steps {@code (B, T, H, W, C)}; with one step if they are the same at every step and the plan uses that. */
    Operand<TFloat32> frames(FeatureSequence x);

    /** The mean over the map of the maps with their positions, {@code (B, T, C)}. */
    Operand<TFloat32> rotatedMean(FeatureSequence x);

    /**
     * The spectra {@code (B, T or 1, C, H, F)} of equal parts of a Dense layer of the maps with their positions.
     *
     * @param lastStepOnly whether only the last step's are asked for
     */
    List<ComplexTensor> projectedSpectra(String layer, FeatureSequence x, int parts, boolean lastStepOnly);

    /**
     * Equal parts of a linear layer, if the maps differ by their positions only and the plan uses that.
     *
     * @param side of the layer's spatial kernels; 0 for a Dense layer
     */
    default Optional<StillProjection> ofStill(String layer, FeatureSequence x, int side, int parts) {
        return Optional.empty();
    }

    /**
     * The states of a linear system.
     *
     * @param inputs û of each state, {@code (B, T or 1, C, H, F)}
     * @param initial the states before the first step, {@code (C, 1, 1)}; none for zeros
     * @param lastStepOnly whether only the last step's states are asked for; a plan may give all
     * @return for each state its spectra at these steps, {@code (B, steps, C, H, F)}
     */
    List<ComplexTensor> states(
            LinearSystem system, List<ComplexTensor> inputs, List<ComplexTensor> initial, boolean lastStepOnly);

    /**
     * What a rank-one system gives.
     *
     * @param lastStepOnly whether only the last step is needed; a plan may give all the same
     * @return o, {@code (B, steps, heads, d, H, F)}
     */
    ComplexTensor outputs(RankOneSystem system, boolean lastStepOnly);

    /** Whether every step of a recurrence has to be computed from the one before, even where there is a shorter way. */
    default boolean isStepByStep() {
        return false;
    }

    /** Is told of a recurrence that is solved outside the plan. */
    default void took(TakenApart recurrence) {}

    /** The steps of a tensor {@code (B, T or 1, …)} that are read. */
    Operand<TFloat32> read(Operand<TFloat32> perStep);

    /** The steps of a complex tensor that are read. */
    default ComplexTensor read(ComplexTensor perStep) {
        return perStep.map(this::read);
    }
}
