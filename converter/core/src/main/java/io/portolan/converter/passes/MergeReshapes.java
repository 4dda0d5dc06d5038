package io.portolan.converter.passes;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Op;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Replaces a chain of Reshape, Squeeze and Unsqueeze by its last node, or by nothing where the last shape equals the first.
 */
public final class MergeReshapes implements Pass {
    private static final Set<StandardOp> RESHAPES =
            EnumSet.of(StandardOp.RESHAPE, StandardOp.SQUEEZE, StandardOp.UNSQUEEZE);

    @Override
    public String name() {
        return "merge-reshapes";
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(graph, MergeReshapes::rewrite);
    }

    private static Optional<List<Value>> rewrite(Node node, GraphBuilder builder) {
        if (!isReshape(node.op())) {
            return Optional.empty();
        }
        if (node.input(0).shape().sameAs(node.output().shape())) {
            return Optional.of(List.of(node.input(0)));
        }
        Value source = node.input(0);
        Optional<Node> before = reshapeBefore(source, builder);
        while (before.isPresent()) {
            source = before.get().input(0);
            if (source.shape().sameAs(node.output().shape())) {
                return Optional.of(List.of(source));
            }
            before = reshapeBefore(source, builder);
        }
        // The axes of Squeeze and Unsqueeze, and sizes 0, refer to the direct input; only other Reshapes can move
        // further up.
        boolean moves = source != node.input(0) && node.op() == StandardOp.RESHAPE && !keepsSizes(node);
        return moves
                ? Optional.of(List.of(builder.apply(node.op(), node.attributes(), source, node.input(1))))
                : Optional.empty();
    }

    private static boolean keepsSizes(Node reshape) {
        return reshape.attributes().integer("allowzero", 0) == 0
                && reshape.input(1)
                        .data()
                        .filter(sizes -> sizes.longList().contains(0L))
                        .isPresent();
    }

    private static Optional<Node> reshapeBefore(Value value, GraphBuilder builder) {
        return builder.graph().producer(value).filter(node -> isReshape(node.op()));
    }

    private static boolean isReshape(Op op) {
        return op instanceof StandardOp standard && RESHAPES.contains(standard);
    }
}
