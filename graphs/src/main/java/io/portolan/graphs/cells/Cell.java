package io.portolan.graphs.cells;

import io.portolan.graphs.config.CellType;
import io.portolan.graphs.ops.ComplexTensor;
import java.util.List;

/**
 * A kind of cell: the linear system that it runs over time at every spatial frequency, and what its weights are called.
 * How the system is fed, solved and read out is a {@link FaithfulPlan plan}'s business.
 */
public interface Cell {
    /** Number of states. With more than one, a projection makes each state's input and another reads the states out. */
    int states();

    /** Whether the gates are told the time step ({@code docs/model.md}, section 2.4). */
    boolean gatesSeeTime();

    /**
     * The system's coefficients.
     *
     * @param inputs for each state the spectrum of its input, {@code (B, T, C, H, F)}
     */
    LinearSystem system(Gates gates, Kernels kernels, List<ComplexTensor> inputs);

    /** The cell of that type. */
    static Cell of(CellType type) {
        return switch (type) {
            case TRANSFORMER -> new TransformerCell();
            case HGRU_BI -> new HgruBilinearCell();
            case GATED -> new GatedCell();
        };
    }
}
