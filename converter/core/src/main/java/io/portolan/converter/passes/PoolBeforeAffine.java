package io.portolan.converter.passes;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Moves max pooling before a per-channel multiplication by a positive constant or addition of any constant: rounding is monotonic,
 * so the result is the same to the bit, and the arithmetic runs on a fraction of the elements.
 */
public final class PoolBeforeAffine implements Pass {
    @Override
    public String name() {
        return "pool-before-affine";
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(
                graph,
                (node, b) -> node.op() == StandardOp.MAX_POOL
                        ? before(node, node.input(0), b).map(List::of)
                        : Optional.empty());
    }

    private static Optional<Value> before(Node pool, Value x, GraphBuilder b) {
        Deque<Node> affines = new ArrayDeque<>();
        Value inner = x;
        for (Optional<Node> affine = affine(inner, b); affine.isPresent(); affine = affine(inner, b)) {
            affines.push(affine.get());
            inner = affine.get().input(0);
        }
        if (affines.isEmpty()) {
            return Optional.empty();
        }
        Value pooled = b.apply(StandardOp.MAX_POOL, pool.attributes(), inner);
        for (Node affine : affines) {
            pooled = b.apply(affine.op(), pooled, affine.input(1));
        }
        return Optional.of(pooled);
    }

    private static Optional<Node> affine(Value value, GraphBuilder b) {
        return b.graph().producer(value).filter(PoolBeforeAffine::isAffine);
    }

    private static boolean isAffine(Node node) {
        if (node.op() != StandardOp.ADD && node.op() != StandardOp.MUL) {
            return false;
        }
        Optional<TensorData> constant = ChannelConstant.of(node.input(1), node.input(0));
        return constant.isPresent() && (node.op() == StandardOp.ADD || isPositive(constant.get()));
    }

    private static boolean isPositive(TensorData data) {
        return Arrays.stream(data.doubles()).allMatch(number -> number > 0);
    }
}
