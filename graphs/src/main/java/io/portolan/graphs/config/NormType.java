package io.portolan.graphs.config;

/** The kind of the normalisation layers. */
public enum NormType implements Choice {
    LAYER,
    BATCH
}
