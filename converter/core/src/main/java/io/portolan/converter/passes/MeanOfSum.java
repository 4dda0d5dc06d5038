package io.portolan.converter.passes;

import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.Optional;

/** Rewrites a sum that is divided by the number of its terms as a mean. */
public final class MeanOfSum implements Pass {
    @Override
    public String name() {
        return "mean-of-sum";
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(graph, (node, b) -> mean(node, b).map(List::of));
    }

    private static Optional<Value> mean(Node node, GraphBuilder b) {
        if (node.op() == StandardOp.DIV) {
            return mean(node.input(0), node.input(1), false, node, b).or(() -> pooled(node, b));
        }
        return node.op() == StandardOp.MUL
                ? Patterns.eitherOrder(node, (sum, factor) -> mean(sum, factor, true, node, b))
                : Optional.empty();
    }

    /** The mean of windows, where their sum was written as the mean times their size. */
    private static Optional<Value> pooled(Node node, GraphBuilder b) {
        return Patterns.node(StandardOp.MUL, node.input(0), b)
                .filter(sum -> Patterns.number(sum.input(1)).isPresent()
                        && Patterns.number(sum.input(1)).equals(Patterns.number(node.input(1))))
                .map(sum -> sum.input(0))
                .filter(mean -> Patterns.node(StandardOp.AVERAGE_POOL, mean, b).isPresent()
                        && mean.shape().sameAs(node.output().shape()));
    }

    private static Optional<Value> mean(Value sum, Value number, boolean isFactor, Node node, GraphBuilder b) {
        return Patterns.reduction(StandardOp.REDUCE_SUM, sum, b)
                .filter(reduction -> reduction.input().element() == OnnxType.FLOAT
                        && !reduction.axes().isEmpty()
                        && node.output().rank() == sum.rank())
                .filter(reduction -> {
                    Dim terms = reduction.axes().stream()
                            .map(axis -> reduction.input().shape().dim(axis))
                            .reduce(Dim.ONE, Dim::times);
                    return terms.isKnown()
                            && Patterns.isNumber(
                                    number, isFactor ? 1f / terms.coefficient() : (double) terms.coefficient());
                })
                .map(reduction -> b.reduce(
                        StandardOp.REDUCE_MEAN,
                        reduction.input(),
                        reduction.keepsAxes(),
                        reduction.axes().stream().mapToLong(Integer::longValue).toArray()));
    }
}
