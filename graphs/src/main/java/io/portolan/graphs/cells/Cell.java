package io.portolan.graphs.cells;

import io.portolan.graphs.config.CellType;

/**
 * A kind of cell: the linear system that it runs over time at every spatial frequency, and what its weights are called.
 * How the system is fed, solved and read out is a {@link CellPlan plan}'s business.
 */
public interface Cell {
    /** How the cell's equations are written. */
    Notation notation();

    /** Number of states. With more than one, a projection makes each state's input and another reads the states out. */
    default int states() {
        return notation().states().size();
    }

    /** Whether the gates are told the time step ({@code docs/model.md}, section 2.4). */
    boolean gatesSeeTime();

    /** The system's coefficients. */
    LinearSystem system(Gates gates, Kernels kernels);

    /** The cell of that type. */
    static Cell of(CellType type) {
        return switch (type) {
            case TRANSFORMER -> new TransformerCell();
            case HGRU_BI -> new HgruBilinearCell();
            case GATED -> new GatedCell();
        };
    }
}
