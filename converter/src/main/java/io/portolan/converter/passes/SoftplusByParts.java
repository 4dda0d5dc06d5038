package io.portolan.converter.passes;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.Optional;

/**
 * Computes softplus as {@code max(x, 0) + ln(1 + e^−|x|)}, which is the same and never overflows: ONNX Runtime's own kernel goes
 * number by number, those of the parts are vectorised.
 */
public final class SoftplusByParts implements Pass {
    @Override
    public String name() {
        return "softplus by parts";
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(graph, SoftplusByParts::rewrite);
    }

    private static Optional<List<Value>> rewrite(Node node, GraphBuilder builder) {
        if (node.op() != StandardOp.SOFTPLUS) {
            return Optional.empty();
        }
        Value x = node.input(0);
        Value decay = builder.apply(StandardOp.EXP, builder.neg(builder.apply(StandardOp.ABS, x)));
        Value small = builder.apply(StandardOp.LOG, builder.add(decay, builder.like(x, 1)));
        return Optional.of(List.of(builder.add(builder.apply(StandardOp.RELU, x), small)));
    }
}
