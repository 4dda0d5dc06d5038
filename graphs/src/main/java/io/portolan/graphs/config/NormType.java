package io.portolan.graphs.config;

/** What the normalisation layers average over. */
public enum NormType implements Choice {
    LAYER,
    BATCH
}
