package io.portolan.converter.passes.opencv;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.passes.Pass;
import java.util.List;
import java.util.Optional;

/**
 * Rewrites GELU's {@code (½x)(1 + tanh …)} as {@code ½(x(1 + tanh …))}, which rounds the same: OpenCV treats every product with
 * {@code x(1 + tanh …)} as a GELU, reads the other factor as the constant ½ without checking, and crashes if it is computed.
 */
public final class HalveGeluLast implements Pass {
    @Override
    public String name() {
        return "halve-gelu-last";
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(
                graph,
                (node, b) -> node.op() == StandardOp.MUL
                        ? halvedLast(node.input(0), node.input(1), b)
                                .or(() -> halvedLast(node.input(1), node.input(0), b))
                        : Optional.empty());
    }

    private static Optional<List<Value>> halvedLast(Value halved, Value factor, GraphBuilder b) {
        return b.graph()
                .producer(halved)
                .filter(product ->
                        product.op() == StandardOp.MUL && isHalf(product.input(0)) && isOnePlusTanh(factor, b))
                .map(product -> List.of(b.mul(product.input(0), b.mul(product.input(1), factor))));
    }

    private static boolean isHalf(Value value) {
        return value.data()
                .filter(data -> data.size() == 1 && data.doubleAt(0) == 0.5)
                .isPresent();
    }

    private static boolean isOnePlusTanh(Value value, GraphBuilder b) {
        return b.graph().producer(value).filter(sum -> sum.op() == StandardOp.ADD).stream()
                .flatMap(sum -> sum.inputs().stream())
                .anyMatch(term -> b.graph()
                        .producer(term)
                        .filter(tanh -> tanh.op() == StandardOp.TANH)
                        .isPresent());
    }
}
