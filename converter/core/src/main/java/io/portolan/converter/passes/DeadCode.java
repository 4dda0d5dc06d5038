package io.portolan.converter.passes;

import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Removes nodes that no output depends on. */
public final class DeadCode implements Pass {
    @Override
    public String name() {
        return "drop-dead-code";
    }

    @Override
    public void apply(OnnxGraph graph) {
        Set<Value> live = new HashSet<>(graph.outputs().values());
        List<Node> nodes = graph.nodes();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            if (isLive(node, live)) {
                // Subgraphs first, so that a value used only by their dead nodes does not count as used.
                node.subgraphs().forEach(this::apply);
                live.addAll(node.uses());
            }
        }
        GraphRewriter.retain(graph, node -> isLive(node, live));
    }

    private static boolean isLive(Node node, Set<Value> live) {
        return node.outputs().stream().anyMatch(live::contains);
    }
}
