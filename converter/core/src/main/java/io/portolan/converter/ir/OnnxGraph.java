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
 * <p>An output is a name bound to a value. The name belongs to the binding and not to the value, so a pass may replace
 * any value by another without knowing whether callers of the model see it. Constants are values that carry their
 * data; one that no node uses is no longer part of the graph.
 *
 * <p>A graph may be nested in another, as what a node runs. Names are unique over all graphs of a nest; a nested graph may
 * use any value of the graphs around it, which it is then said to capture, but hands values out only through its outputs.
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

    /** An empty graph that can use the values of this one, to be an attribute of one of its nodes. */
    public OnnxGraph nested(String wish) {
        return new OnnxGraph(uniqueName(wish), this);
    }

    /** The name of the graph. */
    public String name() {
        return name;
    }

    /** The graph around this one; empty for the graph of a model. */
    public Optional<OnnxGraph> outer() {
        return Optional.ofNullable(outer);
    }

    /** The graph of the model that this one is nested in; this one if it is that. */
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

    /** The nodes; each stands after the nodes whose outputs it takes. */
    public List<Node> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    /** The constants that nodes, nested ones included, or outputs use, in the order of their first use. */
    public Set<Value> constants() {
        return used().filter(Value::isConstant).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** What this graph takes from around it, constants included, in the order of their first use. */
    public Set<Value> captures() {
        Set<Value> own = Collections.newSetFromMap(new IdentityHashMap<>());
        own.addAll(inputs);
        nodes.forEach(node -> own.addAll(node.outputs()));
        return used().filter(value -> !own.contains(value)).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** How often each value is used, by nodes, nested ones included, and outputs. */
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

    /** The node of this graph that makes a value; empty for inputs, constants and values of the graphs around it. */
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
     * Adds an input with the name wished for, or one like it: an input of a nested graph, which nobody sees. Dimensions that are
     * not known get symbols.
     */
    public Value addParameter(String wish, TensorType type) {
        String unique = uniqueName(wish);
        Value input = new Value(unique, type.withShape(type.shape().named(unique)), null, null);
        inputs.add(input);
        return input;
    }

    /** Adds an output with the name wished for, or one like it: an output of a nested graph, which nobody sees. */
    public void addResult(String wish, Value value) {
        outputs.put(uniqueName(wish), value);
    }

    /** Keeps a name for an output that will be bound later, so that no value takes it meanwhile. */
    public void reserveOutput(String outputName) {
        if (!names.add(outputName)) {
            throw new IllegalArgumentException("The graph already has a value named " + outputName);
        }
        reserved.add(outputName);
    }

    /** Gives a value a name that callers of the model see. */
    public void bindOutput(String outputName, Value value) {
        if (!reserved.remove(outputName) && !names.add(outputName)) {
            throw new IllegalArgumentException("The graph already has a value named " + outputName);
        }
        outputs.put(outputName, value);
    }

    /** A name that no other value has: the wish itself, or the wish with a number. */
    String uniqueName(String wish) {
        String candidate = wish;
        while (!names.add(candidate)) {
            candidate = wish + "_" + nextSuffix.merge(wish, 1, Integer::sum);
        }
        return candidate;
    }

    /** Appends a node whose inputs are already there. */
    void append(Node node) {
        nodes.add(node);
        node.outputs().forEach(output -> producers.put(output, node));
    }

    /** Takes all nodes out, to be appended again as they are or replaced. */
    List<Node> takeNodes() {
        List<Node> taken = nodes;
        nodes = new ArrayList<>(taken.size());
        producers.clear();
        return taken;
    }

    /** Binds output names to what replaced their values. */
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
