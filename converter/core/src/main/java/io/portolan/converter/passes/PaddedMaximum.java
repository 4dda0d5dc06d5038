package io.portolan.converter.passes;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Keeps padded numbers apart from max pools. ONNX Runtime (1.29 and 1.30) merges what pads a constant with the pool after it and forgets
 * the constant, so that zeros around negative numbers are not seen any more. It leaves pools with {@code auto_pad} alone, and
 * {@code VALID} is the same as no padding of the pool's own.
 */
public final class PaddedMaximum implements Pass {
    @Override
    public String name() {
        return "padded-maximum";
    }

    /** Without it, the file would be computed wrongly. */
    @Override
    public boolean isRequired() {
        return true;
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(
                graph,
                (node, b) -> node.op() == StandardOp.MAX_POOL && isMerged(node, b)
                        ? Optional.of(List.of(apart(node, b)))
                        : Optional.empty());
    }

    private static boolean isMerged(Node pool, GraphBuilder b) {
        Value x = Patterns.operand(StandardOp.TRANSPOSE, pool.input(0), b).orElse(pool.input(0));
        return pool.attributes().text("auto_pad", "NOTSET").equals("NOTSET")
                && x.element().isFloating()
                && Patterns.node(StandardOp.PAD, x, b)
                        .filter(pad -> pad.attributes().text("mode", "constant").equals("constant"))
                        .isPresent();
    }

    private static Value apart(Node pool, GraphBuilder b) {
        Value x = pool.input(0);
        int axes = x.rank() - 2;
        List<Long> own = pool.attributes().integers("pads", List.of());
        if (!own.isEmpty()) {
            List<Long> pads = new ArrayList<>(List.of(0L, 0L));
            pads.addAll(own.subList(0, axes));
            pads.addAll(List.of(0L, 0L));
            pads.addAll(own.subList(axes, 2 * axes));
            x = b.pad(x, pads, b.like(x, Double.NEGATIVE_INFINITY));
        }
        Attributes attributes = pool.attributes().without("pads").with("auto_pad", "VALID");
        return b.apply(StandardOp.MAX_POOL, attributes, x);
    }
}
