package io.portolan.converter.ir;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Verifies the invariants of a graph: every value is defined before it is used and used only inside the graph that defines it, names
 * are unique, types follow from the inputs, and every output has a definition.
 */
public final class GraphVerifier {
    private final Map<String, Object> owners = new HashMap<>();
    private final List<String> faults = new ArrayList<>();

    private GraphVerifier() {}

    /** The violations in a graph and those nested in it, one sentence each; empty if there are none. */
    public static List<String> faults(OnnxGraph graph) {
        GraphVerifier verifier = new GraphVerifier();
        verifier.visit(graph, Set.of());
        return List.copyOf(verifier.faults);
    }

    /**
     * Verifies one graph.
     *
     * @param around the values of the enclosing graphs that are defined when it runs
     */
    private void visit(OnnxGraph graph, Set<Value> around) {
        Set<Value> there = Collections.newSetFromMap(new IdentityHashMap<>());
        there.addAll(around);
        graph.inputs().forEach(input -> define(input, "graph " + graph.name(), there));
        Set<String> nodeNames = new HashSet<>();
        for (Node node : graph.nodes()) {
            if (!nodeNames.add(node.name())) {
                faults.add("two nodes are named " + node.name());
            }
            node.inputs().forEach(input -> requireThere(input, "node " + node.name(), there));
            for (OnnxGraph nested : node.subgraphs()) {
                if (nested.outer().orElse(null) != graph) {
                    faults.add("graph " + nested.name() + " is not nested in the graph of its node " + node.name());
                }
                visit(nested, there);
            }
            requireTypes(node);
            node.outputs().forEach(output -> define(output, "node " + node.name(), there));
        }
        graph.outputs().forEach((name, value) -> {
            requireThere(value, "output " + name, there);
            requireOwn(name, graph);
        });
    }

    private void define(Value value, String by, Set<Value> there) {
        if (!there.add(value)) {
            faults.add(value + " of " + by + " is defined twice");
        }
        requireOwn(value.name(), value);
    }

    private void requireThere(Value value, String user, Set<Value> there) {
        if (value.isConstant()) {
            requireOwn(value.name(), value);
            requireData(value);
        } else if (value != Value.ABSENT && !there.contains(value)) {
            faults.add(user + " uses " + value + ", which is not defined");
        }
    }

    /** Two values, or a value and an output, must not have the same name. */
    private void requireOwn(String name, Object owner) {
        Object before = owners.putIfAbsent(name, owner);
        if (before != null && before != owner) {
            faults.add("two values are named " + name);
        }
    }

    private void requireData(Value constant) {
        TensorData data = constant.data().orElseThrow();
        if (!constant.type().equals(new TensorType(data.type(), TensorShape.of(data.shape())))) {
            faults.add(constant + " holds " + data.type() + TensorShape.of(data.shape()));
        }
    }

    private void requireTypes(Node node) {
        List<TensorType> inferred;
        try {
            node.op().requireTakes(node.inputs(), node.attributes());
            inferred = node.op().infer(node.inputs(), node.attributes());
        } catch (IllegalArgumentException e) {
            faults.add("node " + node.name() + ": " + e.getMessage());
            return;
        }
        List<TensorType> stated = node.outputs().stream().map(Value::type).toList();
        boolean agree = stated.size() == inferred.size()
                && IntStream.range(0, stated.size()).allMatch(i -> canBe(stated.get(i), inferred.get(i)));
        if (!agree) {
            faults.add("node " + node.name() + " computes " + inferred + ", not " + stated);
        }
    }

    private static boolean canBe(TensorType one, TensorType other) {
        return one.element() == other.element() && one.shape().canEqual(other.shape());
    }
}
