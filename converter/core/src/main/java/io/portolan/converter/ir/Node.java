package io.portolan.converter.ir;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One application of an operator. Nodes never change; passes replace them.
 *
 * @param name unique among the nodes of its graph
 * @param op the operator
 * @param inputs its arguments, in the operator's order
 * @param outputs the values it makes
 * @param attributes its compile-time arguments
 */
public record Node(String name, Op op, List<Value> inputs, List<Value> outputs, Attributes attributes) {
    public Node {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** The input at an index. */
    public Value input(int index) {
        return inputs.get(index);
    }

    /** The only output of a node that has one. */
    public Value output() {
        if (outputs.size() != 1) {
            throw new IllegalStateException(name + " has " + outputs.size() + " outputs");
        }
        return outputs.get(0);
    }

    /** The graphs that the node runs. */
    public List<OnnxGraph> subgraphs() {
        return attributes.graphs();
    }

    /** All that must be there before the node runs: its inputs, and what its subgraphs take from around them. */
    public List<Value> uses() {
        List<OnnxGraph> subgraphs = subgraphs();
        return subgraphs.isEmpty()
                ? inputs
                : Stream.concat(inputs.stream(), subgraphs.stream().flatMap(graph -> graph.captures().stream()))
                        .toList();
    }

    /** The same node on other arguments of the same types. */
    public Node withInputs(List<Value> others) {
        return new Node(name, op, others, outputs, attributes);
    }

    /** {@code y: FLOAT(batch, 2) = MatMul(x, w)}. */
    @Override
    public String toString() {
        return outputs.stream().map(Value::toString).collect(Collectors.joining(", ")) + " = " + op.opName()
                + inputs.stream().map(Value::name).collect(Collectors.joining(", ", "(", ")"));
    }
}
