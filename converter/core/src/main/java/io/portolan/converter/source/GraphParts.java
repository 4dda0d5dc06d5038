package io.portolan.converter.source;

import io.portolan.converter.tensorflow.TensorName;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** The parts of a graph that some of its tensors depend on. */
final class GraphParts {
    private GraphParts() {}

    /** The names of all nodes that the tensors depend on, by data or by control. */
    static Set<String> ancestors(GraphDef graph, Collection<String> tensors) {
        Map<String, NodeDef> nodes = new HashMap<>();
        graph.getNodeList().forEach(node -> nodes.put(node.getName(), node));
        Deque<String> pending = new ArrayDeque<>(tensors);
        Set<String> found = new HashSet<>();
        while (!pending.isEmpty()) {
            String name = TensorName.parse(pending.pop()).node();
            if (nodes.containsKey(name) && found.add(name)) {
                pending.addAll(nodes.get(name).getInputList());
            }
        }
        return found;
    }

    /** The graph with only some of its nodes. */
    static GraphDef of(GraphDef graph, Set<String> nodes) {
        GraphDef.Builder part = graph.toBuilder().clearNode();
        graph.getNodeList().stream()
                .filter(node -> nodes.contains(node.getName()))
                .forEach(part::addNode);
        return part.build();
    }
}
