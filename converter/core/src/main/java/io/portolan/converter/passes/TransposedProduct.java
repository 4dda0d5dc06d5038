package io.portolan.converter.passes;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Computes the transpose of a product of matrices, AᵀBᵀ, as the transpose of BA if that saves transposes: where A and B are transposed
 * before and the product after.
 */
public final class TransposedProduct implements Pass {
    @Override
    public String name() {
        return "transposed-product";
    }

    @Override
    public void apply(OnnxGraph graph) {
        Map<Value, Integer> uses = graph.useCounts();
        GraphRewriter.rewrite(graph, (node, b) -> rewrite(node, uses, b).map(List::of));
    }

    private static Optional<Value> rewrite(Node node, Map<Value, Integer> uses, GraphBuilder b) {
        if (node.op() != StandardOp.TRANSPOSE || uses.getOrDefault(node.input(0), 1) > 1) {
            return Optional.empty();
        }
        return Patterns.node(StandardOp.MAT_MUL, node.input(0), b)
                .filter(product -> product.input(0).rank() == node.output().rank()
                        && product.input(1).rank() == node.output().rank())
                .filter(product -> isTransposed(product.input(0), b)
                        && isTransposed(product.input(1), b)
                        && (isExchanged(product.input(0), b) || isExchanged(product.input(1), b)))
                .map(product -> {
                    Value swapped = b.matMul(exchanged(product.input(1), b), exchanged(product.input(0), b));
                    return Permutation.of(node)
                            .orElseThrow()
                            .after(exchange(swapped.rank()))
                            .appliedTo(swapped, b);
                });
    }

    private static boolean isTransposed(Value value, GraphBuilder b) {
        return value.isConstant() || Permutation.of(value, b).isPresent();
    }

    private static boolean isExchanged(Value value, GraphBuilder b) {
        return Permutation.of(value, b).filter(exchange(value.rank())::equals).isPresent();
    }

    private static Value exchanged(Value value, GraphBuilder b) {
        Permutation exchange = exchange(value.rank());
        return Permutation.of(value, b)
                .map(before -> exchange.after(before)
                        .appliedTo(b.graph().producer(value).orElseThrow().input(0), b))
                .orElseGet(() -> exchange.appliedTo(value, b));
    }

    /** The exchange of the last two axes. */
    private static Permutation exchange(int rank) {
        return new Permutation(LongStream.range(0, rank)
                .map(axis -> axis < rank - 2 ? axis : 2L * rank - 3 - axis)
                .boxed()
                .toList());
    }
}
