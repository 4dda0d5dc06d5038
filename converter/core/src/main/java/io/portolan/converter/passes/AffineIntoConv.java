package io.portolan.converter.passes;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Moves constants for each channel that the output of a convolution is multiplied with, or that are added to or subtracted from it, into
 * the convolution's weights and bias: batch normalisation with constant statistics then costs nothing. New weights are computed in double
 * precision and rounded once.
 */
public final class AffineIntoConv implements Pass {
    @Override
    public String name() {
        return "affine-into-conv";
    }

    @Override
    public void apply(OnnxGraph graph) {
        Map<Value, Integer> uses = graph.useCounts();
        GraphRewriter.rewrite(graph, (node, b) -> {
            Optional<Value> merged = merged(node, uses, b);
            merged.ifPresent(value -> uses.put(value, uses.getOrDefault(node.output(), 1)));
            return merged.map(List::of);
        });
    }

    private static Optional<Value> merged(Node node, Map<Value, Integer> uses, GraphBuilder b) {
        if (!(node.op() instanceof StandardOp op)) {
            return Optional.empty();
        }
        return switch (op) {
            case ADD, MUL -> Patterns.eitherOrder(node, (conv, constant) -> merged(op, conv, constant, uses, b));
            case SUB, DIV -> merged(op, node.input(0), node.input(1), uses, b);
            default -> Optional.empty();
        };
    }

    private static Optional<Value> merged(
            StandardOp op, Value convolved, Value constant, Map<Value, Integer> uses, GraphBuilder b) {
        return Patterns.node(StandardOp.CONV, convolved, b)
                .filter(conv -> uses.getOrDefault(convolved, 2) == 1
                        && convolved.element() == OnnxType.FLOAT
                        && conv.inputs().stream().skip(1).allMatch(Value::isConstant))
                .flatMap(conv -> channels(constant, convolved).map(operand -> with(conv, op, operand, b)));
    }

    private static Optional<double[]> channels(Value constant, Value convolved) {
        return ChannelConstant.of(constant, convolved)
                .map(TensorData::doubles)
                .filter(numbers -> convolved.shape().dim(1).is(numbers.length));
    }

    private static Value with(Node conv, StandardOp op, double[] operand, GraphBuilder b) {
        Value weights = conv.input(1);
        double[] elements = weights.data().orElseThrow().doubles();
        double[] bias =
                conv.inputs().size() == 3 ? conv.input(2).data().orElseThrow().doubles() : new double[operand.length];
        int each = elements.length / operand.length;
        boolean scales = op == StandardOp.MUL || op == StandardOp.DIV;
        for (int channel = 0; channel < operand.length; channel++) {
            bias[channel] = applied(op, bias[channel], operand[channel]);
            for (int i = channel * each; scales && i < (channel + 1) * each; i++) {
                elements[i] = applied(op, elements[i], operand[channel]);
            }
        }
        return b.apply(
                StandardOp.CONV,
                conv.attributes(),
                conv.input(0),
                scales
                        ? b.constant(
                                TensorData.ofDoubles(
                                        OnnxType.FLOAT,
                                        elements,
                                        weights.shape().sizes()),
                                weights.name())
                        : weights,
                b.constant(TensorData.ofDoubles(OnnxType.FLOAT, bias, bias.length)));
    }

    private static double applied(StandardOp op, double x, double operand) {
        return switch (op) {
            case ADD -> x + operand;
            case SUB -> x - operand;
            case MUL -> x * operand;
            default -> x / operand;
        };
    }
}
