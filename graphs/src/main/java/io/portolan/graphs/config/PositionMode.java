package io.portolan.graphs.config;

/** How a model is told where and when a feature is ({@code docs/model.md}, section 2.3). */
public enum PositionMode implements Choice {
    /** Rotations in the cell, by angles that add up time, row and column. */
    SPATIOTEMPORAL,
    /** Rotations in the cell, by time. */
    TEMPORAL,
    /** An array that is added before the cells. */
    LEARNABLE,
    NONE,
    /** Rotations in the cell; every pair of channels knows one of time, row and column. */
    MROPE,
    /** Rotations in the cell, by row and column. */
    SPATIAL_ONLY,
    /** {@link #SPATIAL_ONLY} before the cells, and sines and cosines of time added. */
    SINUSOIDAL,
    /** {@link #SPATIAL_ONLY} before the cells, and an array of steps added. */
    SEPARATE;

    /** Whether positions are marked before the cells, which then see them in all that they are given. */
    public boolean isBeforeCells() {
        return this == LEARNABLE || this == SINUSOIDAL || this == SEPARATE;
    }

    /** How the cells mark positions themselves. */
    public PositionMode inCells() {
        return isBeforeCells() ? NONE : this;
    }
}
