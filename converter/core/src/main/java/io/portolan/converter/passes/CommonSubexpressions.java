package io.portolan.converter.passes;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Op;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Merges nodes that compute the same from the same inputs, and constants with the same elements. A node inside a loop or a
 * branch is replaced by one in an enclosing graph, but never by one in another branch.
 */
public final class CommonSubexpressions implements Pass {
    /** The computation of a node; values are compared by identity. */
    private record Expression(Op op, Attributes attributes, List<Value> inputs) {}

    @Override
    public String name() {
        return "merge-common-subexpressions";
    }

    @Override
    public void apply(OnnxGraph graph) {
        Map<TensorData, Value> constants = new HashMap<>();
        GraphRewriter.mapInputs(
                graph,
                value -> value.data()
                        .map(data -> constants.computeIfAbsent(data, unseen -> value))
                        .orElse(value));
        Map<OnnxGraph, Map<Expression, List<Value>>> known = new HashMap<>();
        GraphRewriter.rewrite(graph, (node, builder) -> {
            Expression expression = new Expression(node.op(), node.attributes(), node.inputs());
            Optional<List<Value>> before = find(expression, builder.graph(), known);
            if (before.isEmpty()) {
                known.computeIfAbsent(builder.graph(), unseen -> new HashMap<>())
                        .put(expression, node.outputs());
            }
            return before;
        });
    }

    private static Optional<List<Value>> find(
            Expression expression, OnnxGraph graph, Map<OnnxGraph, Map<Expression, List<Value>>> known) {
        return Optional.ofNullable(known.getOrDefault(graph, Map.of()).get(expression))
                .or(() -> graph.outer().flatMap(outer -> find(expression, outer, known)));
    }
}
