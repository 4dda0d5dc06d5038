package io.portolan.graphs.config;

/** How a cell is told where and when a feature is. */
public enum PositionMode implements Choice {
    SPATIOTEMPORAL,
    TEMPORAL,
    LEARNABLE,
    NONE
}
