package io.portolan.converter.passes;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes softmax and its logarithm along an axis, computed from differences to the maximum so that the exponential cannot overflow,
 * as one operator.
 */
public final class Softmax implements Pass {
    @Override
    public String name() {
        return "softmax";
    }

    @Override
    public void apply(OnnxGraph graph) {
        Map<Value, Integer> uses = graph.useCounts();
        GraphRewriter.rewrite(
                graph,
                (node, b) ->
                        softmax(node, uses, b).or(() -> logSoftmax(node, b)).map(List::of));
    }

    private static Optional<Value> softmax(Node node, Map<Value, Integer> uses, GraphBuilder b) {
        // The exponential has other users where a gradient needs it; it is then computed anyway.
        if (node.op() != StandardOp.DIV || uses.getOrDefault(node.input(0), 2) > 2) {
            return Optional.empty();
        }
        Value exponential = node.input(0);
        return Patterns.reduction(StandardOp.REDUCE_SUM, node.input(1), b)
                .filter(sum -> isAlongAxis(sum) && sum.input() == exponential)
                .flatMap(sum -> Patterns.operand(StandardOp.EXP, exponential, b)
                        .flatMap(difference -> belowMaximum(difference, sum, b))
                        .map(x -> along(StandardOp.SOFTMAX, x, sum, b)));
    }

    private static Optional<Value> logSoftmax(Node node, GraphBuilder b) {
        if (node.op() != StandardOp.SUB) {
            return Optional.empty();
        }
        Value difference = node.input(0);
        return Patterns.operand(StandardOp.LOG, node.input(1), b)
                .flatMap(total -> Patterns.reduction(StandardOp.REDUCE_SUM, total, b))
                .filter(sum -> isAlongAxis(sum)
                        && Patterns.operand(StandardOp.EXP, sum.input(), b)
                                .filter(exponent -> exponent == difference)
                                .isPresent())
                .flatMap(sum -> belowMaximum(difference, sum, b).map(x -> along(StandardOp.LOG_SOFTMAX, x, sum, b)));
    }

    private static boolean isAlongAxis(Reduction reduction) {
        return reduction.keepsAxes()
                && reduction.axes().size() == 1
                && reduction.input().element() == OnnxType.FLOAT;
    }

    private static Value along(StandardOp op, Value x, Reduction sum, GraphBuilder b) {
        return b.apply(op, Attributes.of("axis", sum.axes().get(0) - x.rank()), x);
    }

    /** What the maximum along the axis of the sum is subtracted from. */
    private static Optional<Value> belowMaximum(Value difference, Reduction sum, GraphBuilder b) {
        return Patterns.node(StandardOp.SUB, difference, b)
                .filter(node -> {
                    // The maximum of no element at all is what JAX begins with.
                    Value maximum = Patterns.besides(Double.NEGATIVE_INFINITY, StandardOp.MAX, node.input(1), b)
                            .orElse(node.input(1));
                    return Patterns.reduction(StandardOp.REDUCE_MAX, withoutNan(maximum, b), b)
                            .filter(reduction -> reduction.keepsAxes()
                                    && reduction.input() == node.input(0)
                                    && reduction.axes().equals(sum.axes()))
                            .isPresent();
                })
                .map(node -> node.input(0));
    }

    /** The importer adds NaN to a maximum where an element is NaN: the sum of the elements clipped to 0. Softmax has it anyway. */
    private static Value withoutNan(Value value, GraphBuilder b) {
        return Patterns.node(StandardOp.ADD, value, b)
                .filter(sum -> Patterns.reduction(StandardOp.REDUCE_SUM, sum.input(1), b)
                        .flatMap(zeros -> Patterns.node(StandardOp.CLIP, zeros.input(), b))
                        .filter(clip -> Patterns.isNumber(clip.input(1), 0) && Patterns.isNumber(clip.input(2), 0))
                        .isPresent())
                .map(sum -> sum.input(0))
                .orElse(value);
    }
}
