package io.portolan.graphs.layers;

/**
 * The purpose that a model is built for. Batch normalisation uses the batch's own statistics in training and the
 * running ones otherwise.
 */
public enum Mode {
    EVALUATION,
    TRAINING
}
