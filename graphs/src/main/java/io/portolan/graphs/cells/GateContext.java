package io.portolan.graphs.cells;

/** What a cell's gates depend on ({@code docs/model.md}, section 2.4). */
enum GateContext {
    /** The mean of the input with its positions. */
    MEAN,
    /** {@link #MEAN} and the time step. */
    MEAN_AND_TIME,
    /** The mean of the input without positions. */
    MEAN_WITHOUT_POSITIONS
}
