package io.portolan.converter.passes;

import io.portolan.converter.ir.ConstantEvaluator;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.Optional;

/**
 * Evaluates nodes that depend on constants only: shapes that turned out static, layouts of weights, arithmetic that rounds the
 * same on every runtime. A result may be as large as the largest constant it is computed from, not larger, so that broadcasts
 * do not make the file grow.
 */
public final class ConstantFolding implements Pass {
    /** Results of up to this many bytes are always folded. */
    private static final long ALWAYS_SMALL = 8192;

    @Override
    public String name() {
        return "fold-constants";
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(
                graph, (node, builder) -> isSmall(node) && !isTruth(node) ? folded(node, builder) : Optional.empty());
    }

    private static Optional<List<Value>> folded(Node node, GraphBuilder builder) {
        return ConstantEvaluator.evaluate(node)
                .map(List::of)
                .or(() -> ConstantEvaluator.parts(node))
                .map(results -> results.stream().map(builder::constant).toList());
    }

    /** Truth values as constants are more than some runtimes read. */
    private static boolean isTruth(Node node) {
        return node.outputs().get(0).element() == OnnxType.BOOL;
    }

    private static boolean isSmall(Node node) {
        long largest =
                node.inputs().stream().mapToLong(ConstantFolding::bytes).max().orElse(0);
        return bytes(node.outputs().get(0)) <= Math.max(largest, ALWAYS_SMALL);
    }

    private static long bytes(Value value) {
        return value.shape().elements().coefficient() * value.element().bytes();
    }
}
