package io.portolan.graphs.cells;

import io.portolan.graphs.config.CellType;

/**
 * A kind of recurrent cell: the linear system that it runs over time at every spatial frequency, and the names of its
 * weights. A {@link CellPlan} decides how the system's inputs are computed, how it is solved and how its states are
 * read out.
 */
public interface Cell {
    /** The symbols of the cell's equations. */
    Notation notation();

    /**
     * Number of states. A cell with more than one has a projection that makes each state's input, and one that reads
     * the states out.
     */
    default int states() {
        return notation().states().size();
    }

    /** Whether the time step is an input of the gates ({@code docs/model.md}, section 2.4). */
    boolean gatesSeeTime();

    /** The coefficients of the linear system. */
    LinearSystem system(Gates gates, Kernels kernels);

    /** Returns the cell of a type. */
    static Cell of(CellType type) {
        return switch (type) {
            case TRANSFORMER -> new TransformerCell();
            case HGRU_BI -> new HgruBilinearCell();
            case GATED -> new GatedCell();
        };
    }
}
