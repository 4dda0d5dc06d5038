package io.portolan.converter.ir;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Rewrites a graph, and those nested in it, in one forward walk; passes are built on it. */
public final class GraphRewriter {
    /** The rewrite of one node. */
    @FunctionalInterface
    public interface Rule {
        /**
         * Rewrites a node whose inputs, and the graphs that it runs, are already rewritten.
         *
         * @param node the node as it would be in the new graph
         * @param builder appends to the new form of the node's graph
         * @return one value for each output of the node, which is then removed; or empty to keep the node
         */
        Optional<List<Value>> apply(Node node, GraphBuilder builder);
    }

    private GraphRewriter() {}

    /**
     * Applies the rule to every node, in order, and to nested ones before the node that they belong to; outputs of the graph keep
     * their names.
     */
    public static void rewrite(OnnxGraph graph, Rule rule) {
        rewrite(graph, rule, new IdentityHashMap<>());
    }

    /** Values are compared by identity, so that nested graphs can look up the replacements of outer values. */
    private static void rewrite(OnnxGraph graph, Rule rule, Map<Value, Value> replacements) {
        GraphBuilder builder = new GraphBuilder(graph);
        for (Node original : graph.takeNodes()) {
            Node node = original.withInputs(original.inputs().stream()
                    .map(input -> replacements.getOrDefault(input, input))
                    .toList());
            node.subgraphs().forEach(nested -> rewrite(nested, rule, replacements));
            builder.scope(node.name());
            Optional<List<Value>> replaced = rule.apply(node, builder);
            if (replaced.isPresent()) {
                replace(node, replaced.get(), replacements);
            } else {
                graph.append(node);
            }
        }
        graph.rebindOutputs(replacements);
    }

    /**
     * Keeps the nodes of this graph for which the test holds; nested ones stay. No kept node may use an output of a removed one.
     */
    public static void retain(OnnxGraph graph, Predicate<Node> test) {
        graph.takeNodes().stream().filter(test).forEach(graph::append);
    }

    /** Replaces inputs of nodes, one by one, by values of the same type that do not come from later nodes. */
    public static void mapInputs(OnnxGraph graph, UnaryOperator<Value> mapping) {
        for (Node node : graph.takeNodes()) {
            node.subgraphs().forEach(nested -> mapInputs(nested, mapping));
            graph.append(node.withInputs(node.inputs().stream().map(mapping).toList()));
        }
    }

    private static void replace(Node node, List<Value> values, Map<Value, Value> replacements) {
        if (values.size() != node.outputs().size()) {
            throw new IllegalStateException(node + " must be replaced by as many values, got " + values);
        }
        for (int i = 0; i < values.size(); i++) {
            Value old = node.outputs().get(i);
            if (old.element() != values.get(i).element()
                    || old.rank() != values.get(i).rank()) {
                throw new IllegalStateException(old + " cannot be replaced by " + values.get(i));
            }
            replacements.put(old, values.get(i));
        }
    }
}
