package io.portolan.converter.ir;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Rebuilds a graph, and those nested in it, in one forward walk: the frame in which passes work. */
public final class GraphRewriter {
    /** What a pass does with one node. */
    @FunctionalInterface
    public interface Rule {
        /**
         * Offers a node whose inputs are already rewritten, as are the graphs that it runs.
         *
         * @param node the node as it would stand in the new graph
         * @param builder appends to the new form of the graph that the node stands in
         * @return one value for each output of the node, which is then dropped; or empty to keep it
         */
        Optional<List<Value>> apply(Node node, GraphBuilder builder);
    }

    private GraphRewriter() {}

    /**
     * Offers every node, in order, to the rule, and nested ones before the node that they belong to; outputs of the graph keep
     * their names.
     */
    public static void rewrite(OnnxGraph graph, Rule rule) {
        rewrite(graph, rule, new IdentityHashMap<>());
    }

    /** Values are known by identity, so what replaces the values of a graph can be looked up from the graphs within. */
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
     * Keeps the nodes of this graph for which the test holds; nested ones stay. No kept node may use an output of a dropped one.
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
