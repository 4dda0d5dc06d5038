package io.portolan.graphs.config;

/** The frames that the classifier reads. */
public enum FrameReadout implements Choice {
    LAST,
    ALL
}
