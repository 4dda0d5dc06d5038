package io.portolan.graphs.cells;

import java.util.Locale;

/** How the graph of a recurrence goes through time. */
public enum TimeForm {
    /** Every step has nodes of its own: the fastest for few steps, and the one that trains. */
    UNROLLED,

    /** The steps are turns of one loop: the graph does not grow with them. */
    SCAN,

    /** A loop of as many turns as a video has frames. */
    OPEN_SCAN;

    /** What users call it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
