package io.portolan.converter.passes;

import io.portolan.converter.ir.OnnxGraph;

/** One change to a graph that keeps what it computes. */
public interface Pass {
    /** A short name for reports and options, such as {@code fold-constants}. */
    String name();

    /** Changes the graph in place. */
    void apply(OnnxGraph graph);

    /** Whether a graph that it applies to cannot be written without it. */
    default boolean isRequired() {
        return false;
    }
}
