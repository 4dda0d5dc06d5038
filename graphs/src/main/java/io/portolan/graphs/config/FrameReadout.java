package io.portolan.graphs.config;

/** Which frames the classifier sees. */
public enum FrameReadout implements Choice {
    LAST,
    ALL
}
