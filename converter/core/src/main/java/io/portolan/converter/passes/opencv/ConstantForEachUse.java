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
 * Gives every use of a constant a constant of its own: OpenCV makes a layer of one that stands where it expects something computed,
 * and refuses to make it twice.
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
