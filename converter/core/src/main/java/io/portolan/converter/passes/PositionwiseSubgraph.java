package io.portolan.converter.passes;

import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A subgraph that computes each position of a map (N, C, H, W) from the channels at the same position of a convolution's output,
 * and whose intermediate values have no other users.
 *
 * @param conv the convolution
 * @param nodes the nodes after it, by the value that each computes
 * @param end the last of these values
 */
record PositionwiseSubgraph(Node conv, Map<Value, Node> nodes, Value end) {
    private static final int CHANNELS = 1;

    /**
     * Finds the subgraph that ends at a value; empty if there is none.
     *
     * @param uses how often each value of the graph is used
     */
    static Optional<PositionwiseSubgraph> endingAt(Value end, OnnxGraph graph, Map<Value, Integer> uses) {
        Map<Value, Node> nodes = new IdentityHashMap<>();
        Map<Value, Integer> usesWithin = new IdentityHashMap<>(Map.of(end, 1));
        Node conv = null;
        Deque<Value> pending = new ArrayDeque<>(List.of(end));
        while (!pending.isEmpty()) {
            Value value = pending.pop();
            Node node = graph.producer(value).orElse(null);
            if (node != null && node.op() == StandardOp.CONV && (conv == null || conv == node)) {
                conv = node;
            } else if (node != null && isPositionwise(node)) {
                nodes.put(value, node);
                for (Value input : node.inputs()) {
                    if (!input.isConstant() && usesWithin.merge(input, 1, Integer::sum) == 1) {
                        pending.push(input);
                    }
                }
            } else {
                return Optional.empty();
            }
        }
        boolean usedElsewhere =
                usesWithin.entrySet().stream().anyMatch(use -> !use.getValue().equals(uses.get(use.getKey())));
        return conv == null || usedElsewhere
                ? Optional.empty()
                : Optional.of(new PositionwiseSubgraph(conv, nodes, end));
    }

    private static boolean isPositionwise(Node node) {
        return node.op().isElementwise()
                ? node.output().rank() == 4
                        && node.inputs().stream().allMatch(PositionwiseSubgraph::isUniformOverPositions)
                : Reduction.of(node)
                        .filter(reduction ->
                                reduction.keepsAxes() && reduction.axes().equals(List.of(CHANNELS)))
                        .isPresent();
    }

    /** Whether an input is computed, or is a constant of height and width 1. */
    private static boolean isUniformOverPositions(Value input) {
        if (!input.isConstant()) {
            return true;
        }
        List<Dim> dims = input.shape().dims();
        return dims.subList(Math.max(0, dims.size() - 2), dims.size()).stream().allMatch(dim -> dim.is(1));
    }

    /** Copies the nodes and applies them to another output of a convolution. */
    Value appliedTo(Value convolved, GraphBuilder b) {
        Map<Value, Value> computed = new IdentityHashMap<>(Map.of(conv.output(), convolved));
        Deque<Value> pending = new ArrayDeque<>(List.of(end));
        while (!pending.isEmpty()) {
            Node node = nodes.get(pending.peek());
            List<Value> missing = node == null
                    ? List.of()
                    : node.inputs().stream()
                            .filter(input -> !input.isConstant() && !computed.containsKey(input))
                            .toList();
            if (!missing.isEmpty()) {
                missing.forEach(pending::push);
                continue;
            }
            Value value = pending.pop();
            if (!computed.containsKey(value)) {
                computed.put(
                        value,
                        b.apply(
                                node.op(),
                                node.attributes(),
                                node.inputs().stream()
                                        .map(input -> computed.getOrDefault(input, input))
                                        .toArray(Value[]::new)));
            }
        }
        return computed.get(end);
    }
}
