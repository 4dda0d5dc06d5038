package io.portolan.converter.passes;

import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Leaves out reshapes of the rows that a matrix is multiplied with: MatMul takes rows with any number of axes before the last one.
 */
public final class MatMulOfRows implements Pass {
    @Override
    public String name() {
        return "matmul-of-rows";
    }

    @Override
    public void apply(OnnxGraph graph) {
        Map<Value, Integer> uses = graph.useCounts();
        Set<Value> reshaped = graph.allNodes()
                .filter(node -> node.op() == StandardOp.RESHAPE)
                .map(node -> node.input(0))
                .collect(Collectors.toCollection(HashSet::new));
        GraphRewriter.rewrite(
                graph,
                (node, b) -> (reshaped.contains(node.outputs().get(0)) && node.op() == StandardOp.MAT_MUL
                                ? unmerged(node, b)
                                : restored(node, uses, b))
                        .map(List::of));
    }

    /** {@code (rows, k) · (k, n)} whose rows were (…, k) before a Reshape: the Reshape moves behind the product. */
    private static Optional<Value> unmerged(Node product, GraphBuilder b) {
        return merged(product, b)
                .filter(reshape -> {
                    Value before = reshape.input(0);
                    return before.rank() > 2
                            && before.shape()
                                    .dim(-1)
                                    .sameAs(product.input(1).shape().dim(0));
                })
                .flatMap(reshape -> {
                    Value y = b.matMul(reshape.input(0), product.input(1));
                    return shape(product.output().shape()).map(shape -> b.reshape(y, shape));
                });
    }

    /** A product whose rows (rows, n) become (…, n) by a Reshape: its input gets these axes instead. */
    private static Optional<Value> restored(Node reshape, Map<Value, Integer> uses, GraphBuilder b) {
        TensorShape shape = reshape.outputs().get(0).shape();
        if (reshape.op() != StandardOp.RESHAPE || shape.rank() < 3 || uses.getOrDefault(reshape.input(0), 1) > 1) {
            return Optional.empty();
        }
        return Patterns.node(StandardOp.MAT_MUL, reshape.input(0), b)
                .filter(product -> merged(product, b).isPresent()
                        && shape.dim(-1).sameAs(product.input(1).shape().dim(1)))
                .flatMap(product -> {
                    Value matrix = product.input(1);
                    return shape(shape.with(-1, matrix.shape().dim(0)))
                            .map(rows -> b.matMul(
                                    b.reshape(merged(product, b).orElseThrow().input(0), rows), matrix));
                });
    }

    private static Optional<Node> merged(Node product, GraphBuilder b) {
        return product.input(1).rank() == 2 && product.input(0).rank() == 2
                ? Patterns.node(StandardOp.RESHAPE, product.input(0), b)
                : Optional.empty();
    }

    /** The sizes as Reshape takes them; empty if more than one is unknown. */
    private static Optional<long[]> shape(TensorShape shape) {
        List<Long> sizes = new ArrayList<>();
        for (Dim dim : shape.dims()) {
            sizes.add(dim.isKnown() ? dim.coefficient() : -1);
        }
        boolean isClear = sizes.stream().filter(size -> size == -1).count() <= 1 && !sizes.contains(0L);
        return isClear ? Optional.of(sizes.stream().mapToLong(Long::longValue).toArray()) : Optional.empty();
    }
}
