package io.portolan.converter.tensorflow;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.tensorflow.proto.NodeDef;

/** The edges of graphs: what nodes read, by data and by control. */
final class Edges {
    private Edges() {}

    /** The inputs of a node; those of control come last. */
    static List<TensorName> of(NodeDef node) {
        return node.getInputList().stream().map(TensorName::parse).toList();
    }

    /** The tensors that a node reads. */
    static List<TensorName> data(NodeDef node) {
        return of(node).stream().filter(input -> !input.isControl()).toList();
    }

    /** A node that reads other tensors. */
    static NodeDef rewired(NodeDef node, UnaryOperator<TensorName> after) {
        NodeDef.Builder changed = node.toBuilder().clearInput();
        of(node).forEach(input -> changed.addInput(after.apply(input).toString()));
        return changed.build();
    }

    /** A node without its control inputs. */
    static NodeDef withoutControl(NodeDef node) {
        NodeDef.Builder changed = node.toBuilder().clearInput();
        data(node).forEach(input -> changed.addInput(input.toString()));
        return changed.build();
    }

    /** The nodes that some tensors depend on, by data or control, in the order of the graph. */
    static Map<String, NodeDef> reachable(Map<String, NodeDef> nodes, Collection<TensorName> tensors) {
        Set<String> found = new TreeSet<>();
        Deque<TensorName> pending = new ArrayDeque<>(tensors);
        while (!pending.isEmpty()) {
            String name = pending.pop().node();
            if (nodes.containsKey(name) && found.add(name)) {
                pending.addAll(of(nodes.get(name)));
            }
        }
        Map<String, NodeDef> reachable = new LinkedHashMap<>();
        nodes.forEach((name, node) -> {
            if (found.contains(name)) {
                reachable.put(name, node);
            }
        });
        return reachable;
    }
}
