package io.portolan.graphs.config;

/** What a normalisation layer takes its mean and variance over ({@code docs/model.md}, section 1.3). */
public enum NormType implements Choice {
    /** The channels at each place. */
    LAYER,
    /** The batch and all places, for each channel; running statistics in evaluation. */
    BATCH,
    /** All places and steps of one sample, for each channel. */
    INSTANCE,
    /** As {@link #LAYER}; of a tensor with a time axis, time and channels at each place. */
    TEMPORAL_LAYER,
    /** As {@link #LAYER}; of a tensor with a time axis, time, places and channels. */
    GLOBAL_LAYER,
    /** As {@link #LAYER}; of a tensor with a time axis, time and places for each channel. */
    GLOBAL_INSTANCE
}
