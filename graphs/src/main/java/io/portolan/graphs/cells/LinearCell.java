package io.portolan.graphs.cells;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * A cell that is a linear system at every spatial frequency, between two projections of channels. Nothing in it stands
 * between the projections and the Fourier transforms, so that the {@link FusedPlan} can swap them.
 */
public interface LinearCell extends Cell {
    /** What the gates depend on. */
    GateContext context();

    /** The coefficients of the linear system. */
    LinearSystem system(Gates gates, Kernels kernels);

    /** The output gate c, {@code (B, T, 1, H, F)}. */
    default Operand<TFloat32> outputGate(Gates gates) {
        return gates.sigmoid("C_gate");
    }

    /** How the system is fed and read. By default each state of several has its part of two projections; one has none. */
    default Wiring wiring() {
        return states() == 1 ? Wiring.DIRECT : Wiring.ofAll(states());
    }

    @Override
    default boolean canLoop() {
        return true;
    }

    @Override
    default FeatureSequence apply(CellBuilder in, FeatureSequence x) {
        return in.plan().apply(this, x);
    }
}
