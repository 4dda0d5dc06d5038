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

/**
 * A graph under construction: inputs, nodes in topological order, and named outputs.
 *
 * <p>An output is a name bound to a value. The name belongs to the binding and not to the value, so a pass may replace
 * any value by another without knowing whether callers of the model see it. Constants are values that carry their
 * data; one that no node uses is no longer part of the graph.
 */
public final class OnnxGraph {
    private final String name;
    private final List<Value> inputs = new ArrayList<>();
    private final Map<String, Value> outputs = new LinkedHashMap<>();
    private final Map<Value, Node> producers = new IdentityHashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Set<String> reserved = new HashSet<>();
    private final Map<String, Integer> nextSuffix = new HashMap<>();
    private List<Node> nodes = new ArrayList<>();

    /** An empty graph. */
    public OnnxGraph(String name) {
        this.name = name;
    }

    /** The name of the graph. */
    public String name() {
        return name;
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

    /** The constants that nodes or outputs use, in the order of their first use. */
    public Set<Value> constants() {
        Set<Value> constants = new LinkedHashSet<>();
        nodes.forEach(node -> node.inputs().stream().filter(Value::isConstant).forEach(constants::add));
        outputs.values().stream().filter(Value::isConstant).forEach(constants::add);
        return constants;
    }

    /** The node that makes a value; empty for inputs and constants. */
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

    /** One line for each input, node and output. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("graph ").append(name).append('\n');
        inputs.forEach(input -> text.append("  input ").append(input).append('\n'));
        nodes.forEach(node -> text.append("  ").append(node).append('\n'));
        outputs.forEach((output, value) -> text.append("  output ").append(output).append(" = ").append(value.name())
                .append('\n'));
        return text.toString();
    }
}
