package io.portolan.converter.passes.opencv;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Value;
import io.portolan.converter.passes.Pass;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Duplicates constants so that each use has its own: where OpenCV expects a computed input, it creates a layer for the constant,
 * and refuses to create it twice.
 */
public final class ConstantForEachUse implements Pass {
    @Override
    public String name() {
        return "constant-for-each-use";
    }

    @Override
    public void apply(OnnxGraph graph) {
        Set<Value> used = Collections.newSetFromMap(new IdentityHashMap<>());
        GraphBuilder b = new GraphBuilder(graph.outermost());
        GraphRewriter.mapInputs(
                graph,
                value -> value.data().isEmpty() || used.add(value)
                        ? value
                        : b.constant(value.data().get(), value.name()));
    }
}
