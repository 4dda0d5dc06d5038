package io.portolan.converter.passes;

import io.portolan.converter.ir.OnnxGraph;

/** A rewrite of a graph that preserves its results. */
public interface Pass {
    /** A short name for reports and options, such as {@code fold-constants}. */
    String name();

    /** Changes the graph in place. */
    void apply(OnnxGraph graph);

    /** Whether this pass cannot be left out, because a graph that it applies to could not be written without it. */
    default boolean isRequired() {
        return false;
    }
}
