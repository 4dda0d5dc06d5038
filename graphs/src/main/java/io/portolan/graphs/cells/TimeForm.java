package io.portolan.graphs.cells;

/** How the graph of a recurrence goes through time. */
public enum TimeForm {
    /** Every step has nodes of its own, which every runtime knows; the form that trains. */
    UNROLLED,

    /** The steps are turns of one loop: the graph does not grow with them. */
    SCAN,

    /** A loop of as many turns as a video has frames. */
    OPEN_SCAN
}
