package io.portolan.converter.passes;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes the logistic function and the positive part as one operator each. */
public final class Activations implements Pass {
    @Override
    public String name() {
        return "activations";
    }

    @Override
    public void apply(OnnxGraph graph) {
        // ONNX Runtime's Sigmoid is exact to 1e-8 and not to the last digit of small results, which a logarithm would
        // show.
        Set<Value> exact = graph.allNodes()
                .filter(node -> node.op() == StandardOp.LOG || node.op() == StandardOp.RECIPROCAL)
                .flatMap(node -> node.inputs().stream())
                .collect(Collectors.toCollection(HashSet::new));
        GraphRewriter.rewrite(
                graph,
                (node, b) -> (node.op() == StandardOp.MAX
                                ? positivePart(node).map(x -> b.apply(StandardOp.RELU, x))
                                : logistic(node, exact, b).map(x -> b.apply(StandardOp.SIGMOID, x)))
                        .map(List::of));
    }

    /** The x in max(x, 0); the operators agree on NaN. */
    private static Optional<Value> positivePart(Node node) {
        return Patterns.besides(0, node)
                .filter(x -> x.element() == OnnxType.FLOAT
                        && x.shape().sameAs(node.output().shape()));
    }

    /** The x in 1 / (1 + e^−x). */
    private static Optional<Value> logistic(Node node, Set<Value> exact, GraphBuilder b) {
        return node.op() == StandardOp.DIV && !exact.contains(node.output()) && Patterns.isNumber(node.input(0), 1)
                ? Patterns.besides(1, StandardOp.ADD, node.input(1), b)
                        .flatMap(exponential -> Patterns.operand(StandardOp.EXP, exponential, b))
                        .flatMap(negative -> Patterns.operand(StandardOp.NEG, negative, b))
                        .filter(x -> x.element() == OnnxType.FLOAT
                                && x.shape().sameAs(node.output().shape()))
                : Optional.empty();
    }
}
