package io.portolan.converter.tensorflow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.NodeDef;

/** Orders the nodes that some nodes depend on. An explicit stack: graphs are thousands of nodes deep. */
final class DependencyOrder {
    private record Step(NodeDef node, boolean dependenciesDone) {}

    private final Map<String, NodeDef> nodes;
    private final Set<String> boundaries;

    /** Looks nodes up by name, and does not go beyond the boundaries. */
    DependencyOrder(Map<String, NodeDef> nodes, Set<String> boundaries) {
        this.nodes = nodes;
        this.boundaries = boundaries;
    }

    /** All nodes that the roots need, roots included, boundaries excluded; each after what it takes. */
    List<NodeDef> of(List<String> roots) {
        List<NodeDef> order = new ArrayList<>();
        Set<String> seen = new HashSet<>(boundaries);
        Deque<Step> stack = new ArrayDeque<>();
        for (int i = roots.size() - 1; i >= 0; i--) {
            stack.push(new Step(TensorFlowImporter.node(nodes, roots.get(i), "an output"), false));
        }
        while (!stack.isEmpty()) {
            Step step = stack.pop();
            String name = step.node().getName();
            if (step.dependenciesDone()) {
                order.add(step.node());
            } else if (seen.add(name)) {
                // A node seen before is done, or an ancestor of this one: only NextIteration closes such a cycle, and
                // that op is not supported, which the importer reports in its own words.
                stack.push(new Step(step.node(), true));
                pushDependencies(step.node(), seen, stack);
            }
        }
        return order;
    }

    private void pushDependencies(NodeDef node, Set<String> seen, Deque<Step> stack) {
        for (int i = node.getInputCount() - 1; i >= 0; i--) {
            TensorName input = TensorName.parse(node.getInput(i));
            if (!input.isControl() && !seen.contains(input.node())) {
                stack.push(new Step(TensorFlowImporter.node(nodes, input.node(), node.getName()), false));
            }
        }
    }
}
