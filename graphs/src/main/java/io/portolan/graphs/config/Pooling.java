package io.portolan.graphs.config;

/** How the readout reduces the map to one vector. */
public enum Pooling implements Choice {
    MEAN,
    MAX
}
