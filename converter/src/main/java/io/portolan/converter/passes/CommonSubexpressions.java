package io.portolan.converter.passes;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Op;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Merges nodes that compute the same from the same inputs, and constants with the same elements. */
public final class CommonSubexpressions implements Pass {
    /** What a node computes; values are compared by identity. */
    private record Expression(Op op, Attributes attributes, List<Value> inputs) {}

    @Override
    public String name() {
        return "merge-common-subexpressions";
    }

    @Override
    public void apply(OnnxGraph graph) {
        Map<TensorData, Value> constants = new HashMap<>();
        GraphRewriter.mapInputs(graph, value -> value.data()
                .map(data -> constants.computeIfAbsent(data, unseen -> value)).orElse(value));
        Map<Expression, List<Value>> known = new HashMap<>();
        GraphRewriter.rewrite(graph, (node, builder) -> Optional.ofNullable(
                known.putIfAbsent(new Expression(node.op(), node.attributes(), node.inputs()), node.outputs())));
    }
}
