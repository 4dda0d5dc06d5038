package io.portolan.converter.passes;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.Value;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rewrites a loop that only iterates over tensors as a Scan: what the body gathers by iteration index becomes a scan input, and
 * what it scatters by that index becomes a scan output. Runtimes then know the trip count and which slice each iteration reads.
 */
public final class LoopAsScan implements Pass {
    @Override
    public String name() {
        return "loop-as-scan";
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(
                graph,
                (node, b) -> node.op() == StandardOp.LOOP
                        ? CountingLoop.of(node).map(loop -> scan(loop, b))
                        : Optional.empty());
    }

    /** A tensor and the axis along which it is sliced. */
    private record Sliced(Value whole, int axis) {}

    private static List<Value> scan(CountingLoop loop, GraphBuilder b) {
        OnnxGraph body = b.graph().nested(loop.node().name() + "/scan");
        Map<Value, Value> inside = new IdentityHashMap<>();
        loop.stateParameters().forEach(state -> inside.put(state, body.addParameter(state.name(), state.type())));
        Map<Sliced, Value> slices = new LinkedHashMap<>();
        for (Node gather : loop.gathers()) {
            Value part = slices.computeIfAbsent(
                    sliced(gather),
                    sliced -> body.addParameter(
                            sliced.whole().name() + "/slice", gather.output().type()));
            inside.put(gather.output(), part);
        }
        GraphBuilder within = new GraphBuilder(body);
        loop.work().forEach(inner -> within.copy(inner, inside));
        loop.stateResults().forEach(result -> body.addResult(result.name(), inside.getOrDefault(result, result)));
        loop.stackedItems().forEach(item -> body.addResult(item.name(), inside.getOrDefault(item, item)));

        List<Value> inputs = new ArrayList<>(loop.states());
        slices.keySet().forEach(sliced -> inputs.add(sliced.whole()));
        Attributes attributes = Attributes.NONE
                .with("body", body)
                .with("num_scan_inputs", slices.size())
                .with(
                        "scan_input_axes",
                        slices.keySet().stream()
                                .map(sliced -> (long) sliced.axis())
                                .toList());
        return loop.outputs(b.node(StandardOp.SCAN, attributes, inputs.toArray(Value[]::new)), b);
    }

    private static Sliced sliced(Node gather) {
        TensorShape shape = gather.input(0).shape();
        return new Sliced(gather.input(0), shape.axis(gather.attributes().integer("axis", 0)));
    }
}
