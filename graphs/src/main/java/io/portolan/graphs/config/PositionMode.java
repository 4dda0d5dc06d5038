package io.portolan.graphs.config;

/** How a cell encodes the position of a feature in space and time. */
public enum PositionMode implements Choice {
    SPATIOTEMPORAL,
    TEMPORAL,
    LEARNABLE,
    NONE
}
