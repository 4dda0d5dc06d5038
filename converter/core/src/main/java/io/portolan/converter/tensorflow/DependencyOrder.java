package io.portolan.converter.tensorflow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tensorflow.proto.NodeDef;

/** Sorts the nodes that the results of a graph depend on. With an explicit stack, as graphs are thousands of nodes deep. */
final class DependencyOrder {
    private record Step(NodeDef node, boolean dependenciesDone) {}

    private DependencyOrder() {}

    /**
     * All nodes that the results depend on, in topological order.
     *
     * @param boundaries names of nodes to exclude, together with the nodes that only these depend on
     */
    static List<NodeDef> of(FlatGraph graph, Set<String> boundaries) {
        List<NodeDef> order = new ArrayList<>();
        Set<String> seen = new HashSet<>(boundaries);
        Deque<Step> stack = new ArrayDeque<>();
        List<TensorName> roots = graph.results();
        for (int i = roots.size() - 1; i >= 0; i--) {
            push(roots.get(i), "an output", graph, seen, stack);
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
                for (int i = step.node().getInputCount() - 1; i >= 0; i--) {
                    push(TensorName.parse(step.node().getInput(i)), name, graph, seen, stack);
                }
            }
        }
        return order;
    }

    private static void push(TensorName tensor, String wantedBy, FlatGraph graph, Set<String> seen, Deque<Step> stack) {
        if (!tensor.isControl() && !seen.contains(tensor.node())) {
            stack.push(new Step(graph.node(tensor.node(), wantedBy), false));
        }
    }
}
