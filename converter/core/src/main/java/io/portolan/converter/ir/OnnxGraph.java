package io.portolan.converter.ir;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A graph under construction: inputs, nodes in topological order, and named outputs.
 *
 * <p>An output is a name bound to a value. The name belongs to the binding and not to the value, so a pass may replace any value by
 * another even if it is an output. Constants are values that carry their data; a constant that no node uses is no longer part of the
 * graph.
 *
 * <p>A graph may be nested in another, as a graph that a node runs. Names are unique over the outermost graph and all nested ones. A
 * nested graph may use (capture) any value of the enclosing graphs, but returns values only through its outputs.
 */
public final class OnnxGraph {
    private final String name;
    private final OnnxGraph outer;
    private final List<Value> inputs = new ArrayList<>();
    private final Map<String, Value> outputs = new LinkedHashMap<>();
    private final Map<Value, Node> producers = new IdentityHashMap<>();
    private final Set<String> names;
    private final Set<String> reserved = new HashSet<>();
    private final Map<String, Integer> nextSuffix;
    private List<Node> nodes = new ArrayList<>();

    /** An empty graph. */
    public OnnxGraph(String name) {
        this.name = name;
        this.outer = null;
        this.names = new HashSet<>();
        this.nextSuffix = new HashMap<>();
    }

    private OnnxGraph(String name, OnnxGraph outer) {
        this.name = name;
        this.outer = outer;
        this.names = outer.names;
        this.nextSuffix = outer.nextSuffix;
    }

    /** Creates an empty graph that can use the values of this one, to be an attribute of one of its nodes. */
    public OnnxGraph nested(String wish) {
        return new OnnxGraph(uniqueName(wish), this);
    }

    /** The name of the graph. */
    public String name() {
        return name;
    }

    /** The enclosing graph; empty for the outermost one. */
    public Optional<OnnxGraph> outer() {
        return Optional.ofNullable(outer);
    }

    /** The outermost graph that this one is nested in; this one if it is not nested. */
    public OnnxGraph outermost() {
        return outer == null ? this : outer.outermost();
    }

    /** The inputs, in the order in which they were added. */
    public List<Value> inputs() {
        return Collections.unmodifiableList(inputs);
    }

    /** The outputs by name, in the order in which they were bound. */
    public Map<String, Value> outputs() {
        return Collections.unmodifiableMap(outputs);
    }

    /** The nodes in topological order. */
    public List<Node> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    /** The constants that nodes (including nested ones) and outputs use, in the order of their first use. */
    public Set<Value> constants() {
        return used().filter(Value::isConstant).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The outer values that this graph uses, including constants, in the order of their first use. */
    public Set<Value> captures() {
        Set<Value> own = Collections.newSetFromMap(new IdentityHashMap<>());
        own.addAll(inputs);
        nodes.forEach(node -> own.addAll(node.outputs()));
        return used().filter(value -> !own.contains(value)).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The number of uses of each value, by nodes (including nested ones) and outputs. */
    public Map<Value, Integer> useCounts() {
        Map<Value, Integer> counts = new IdentityHashMap<>();
        countUses(counts);
        return counts;
    }

    private void countUses(Map<Value, Integer> counts) {
        for (Node node : nodes) {
            node.inputs().forEach(input -> counts.merge(input, 1, Integer::sum));
            node.subgraphs().forEach(graph -> graph.countUses(counts));
        }
        outputs.values().forEach(output -> counts.merge(output, 1, Integer::sum));
    }

    private Stream<Value> used() {
        return Stream.concat(nodes.stream().flatMap(node -> node.uses().stream()), outputs.values().stream());
    }

    /** All nodes, each followed by those of the graphs that it runs. */
    public Stream<Node> allNodes() {
        return nodes.stream()
                .flatMap(node ->
                        Stream.concat(Stream.of(node), node.subgraphs().stream().flatMap(OnnxGraph::allNodes)));
    }

    /** The node of this graph that computes a value; empty for inputs, constants and values of enclosing graphs. */
    public Optional<Node> producer(Value value) {
        return Optional.ofNullable(producers.get(value));
    }

    /** Adds an input that keeps its name in the model. */
    public Value addInput(String inputName, TensorType type) {
        if (!names.add(inputName)) {
            throw new IllegalArgumentException("The graph already has a value named " + inputName);
        }
        Value input = new Value(inputName, type, null, null);
        inputs.add(input);
        return input;
    }

    /**
     * Adds an input of a nested graph, with the given name or a similar one if it is taken. Unknown dimensions get symbols.
     */
    public Value addParameter(String wish, TensorType type) {
        String unique = uniqueName(wish);
        Value input = new Value(unique, type.withShape(type.shape().named(unique)), null, null);
        inputs.add(input);
        return input;
    }

    /** Adds an output of a nested graph, with the given name or a similar one if it is taken. */
    public void addResult(String wish, Value value) {
        outputs.put(uniqueName(wish), value);
    }

    /** Reserves a name for an output that is bound later. */
    public void reserveOutput(String outputName) {
        if (!names.add(outputName)) {
            throw new IllegalArgumentException("The graph already has a value named " + outputName);
        }
        reserved.add(outputName);
    }

    /** Binds a value to the name of an output of the model. */
    public void bindOutput(String outputName, Value value) {
        if (!reserved.remove(outputName) && !names.add(outputName)) {
            throw new IllegalArgumentException("The graph already has a value named " + outputName);
        }
        outputs.put(outputName, value);
    }

    /** A unique name: the given one, or with a number appended if it is taken. */
    String uniqueName(String wish) {
        String candidate = wish;
        while (!names.add(candidate)) {
            candidate = wish + "_" + nextSuffix.merge(wish, 1, Integer::sum);
        }
        return candidate;
    }

    /** Appends a node whose inputs are already defined. */
    void append(Node node) {
        nodes.add(node);
        node.outputs().forEach(output -> producers.put(output, node));
    }

    /** Removes and returns all nodes, to be appended again, unchanged or replaced. */
    List<Node> takeNodes() {
        List<Node> taken = nodes;
        nodes = new ArrayList<>(taken.size());
        producers.clear();
        return taken;
    }

    /** Rebinds outputs to the replacements of their values. */
    void rebindOutputs(Map<Value, Value> replacements) {
        outputs.replaceAll((outputName, value) -> replacements.getOrDefault(value, value));
    }

    /** One line for each input, node and output; nested graphs are indented. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("graph ").append(name).append('\n');
        inputs.forEach(input -> text.append("  input ").append(input).append('\n'));
        for (Node node : nodes) {
            text.append("  ").append(node).append('\n');
            node.subgraphs().forEach(graph -> text.append(graph.toString().indent(4)));
        }
        outputs.forEach((output, value) -> text.append("  output ")
                .append(output)
                .append(" = ")
                .append(value.name())
                .append('\n'));
        return text.toString();
    }
}
