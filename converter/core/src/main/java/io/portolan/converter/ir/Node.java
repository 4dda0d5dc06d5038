package io.portolan.converter.ir;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One application of an operator. Nodes are immutable; passes replace them.
 *
 * @param name unique among the nodes of its graph
 * @param op the operator
 * @param inputs its inputs, in the operator's order
 * @param outputs the values it computes
 * @param attributes its attributes
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

    /** All values that the node uses: its inputs, and the outer values that its subgraphs use. */
    public List<Value> uses() {
        List<OnnxGraph> subgraphs = subgraphs();
        return subgraphs.isEmpty()
                ? inputs
                : Stream.concat(inputs.stream(), subgraphs.stream().flatMap(graph -> graph.captures().stream()))
                        .toList();
    }

    /** A copy with other inputs of the same types. */
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
