package io.portolan.graphs.cells;

/** How the graph of a recurrence iterates over time. */
public enum TimeForm {
    /** Every step has its own nodes, which every runtime supports; training uses this form. */
    UNROLLED,

    /** The steps are the iterations of one loop, so the graph does not grow with their number. */
    SCAN,

    /** A loop with as many iterations as the input video has frames. */
    OPEN_SCAN
}
