package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.FLOATS;
import static io.portolan.converter.tensorflow.ElementTypes.FLOAT_ONLY;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.BiFunction;
import java.util.stream.LongStream;

/** Ops of optimised graphs: a product or convolution, and what follows it by the names in {@code fused_ops}. */
final class FusedHandlers {
    /** One of the ops that follow; it takes its tensors from those that are left. */
    private interface Step {
        Value apply(NodeContext node, Value x, Queue<Value> arguments);
    }

    private static final Map<String, Step> STEPS = Map.of(
            "BiasAdd", (node, x, arguments) -> biased(node, x, arguments.remove()),
            "FusedBatchNorm", FusedHandlers::normalized,
            "Relu", activation((b, x) -> b.apply(StandardOp.RELU, x)),
            "Relu6", activation(UnaryHandlers::relu6),
            "Elu", activation(UnaryHandlers::elu),
            "Tanh", activation((b, x) -> b.apply(StandardOp.TANH, x)),
            "Sigmoid", activation((b, x) -> b.apply(StandardOp.SIGMOID, x)),
            "LeakyRelu",
                    (node, x, arguments) ->
                            UnaryHandlers.leakyRelu(node.builder(), x, (float) node.real("leakyrelu_alpha", 0.2f)));

    static final List<OpDefinition> OPS = List.of(
            op("_FusedConv2D", FLOATS)
                    .inSinglePrecision()
                    .reads(
                            "strides",
                            "padding",
                            "explicit_paddings",
                            "data_format",
                            "filter_format",
                            "dilations",
                            "fused_ops",
                            "epsilon",
                            "leakyrelu_alpha")
                    .real(FusedHandlers::convolution),
            op("_FusedMatMul", FLOAT_ONLY)
                    .reads("transpose_a", "transpose_b", "fused_ops", "epsilon", "leakyrelu_alpha")
                    .real(node ->
                            followed(node, MatrixHandlers.matMul(node).parts().get(0))));

    private FusedHandlers() {}

    private static Step activation(BiFunction<GraphBuilder, Value, Value> function) {
        return (node, x, arguments) -> function.apply(node.builder(), x);
    }

    private static Value convolution(NodeContext node) {
        String format = node.text("filter_format", "HWIO");
        if (!format.equals("HWIO")) {
            throw new IllegalArgumentException("expected filter_format HWIO, got " + format);
        }
        return followed(node, ConvolutionHandlers.convolution(node));
    }

    /** Applies the fused ops in their order; the inputs after the first two are their tensors. */
    private static Value followed(NodeContext node, Value product) {
        Queue<Value> arguments = new ArrayDeque<>(node.inputs(2, node.inputCount()));
        Value x = product;
        for (String name : node.texts("fused_ops")) {
            Step step = STEPS.get(name);
            if (step == null) {
                throw new IllegalArgumentException("expected fused_ops among " + STEPS.keySet() + ", got " + name);
            }
            x = step.apply(node, x, arguments);
        }
        return x;
    }

    private static boolean isChannelsFirst(NodeContext node) {
        return node.node().containsAttr("data_format")
                && node.text("data_format", "NHWC").startsWith("NC");
    }

    /** A number for each channel, in the shape that broadcasts. */
    private static Value perChannel(NodeContext node, Value x, Value numbers) {
        return isChannelsFirst(node)
                ? node.builder()
                        .unsqueeze(
                                numbers, LongStream.rangeClosed(1, x.rank() - 2).toArray())
                : numbers;
    }

    private static Value biased(NodeContext node, Value x, Value bias) {
        return node.builder().add(x, perChannel(node, x, bias));
    }

    /** Scale, offset, mean and variance are left. */
    private static Value normalized(NodeContext node, Value x, Queue<Value> arguments) {
        GraphBuilder b = node.builder();
        Value scale = arguments.remove();
        Value offset = arguments.remove();
        Value mean = arguments.remove();
        Value variance = arguments.remove();
        Value epsilon = b.like(variance, (float) node.real("epsilon", 1e-4f));
        Value factor = b.div(scale, b.apply(StandardOp.SQRT, b.add(variance, epsilon)));
        Value shift = b.sub(offset, b.mul(mean, factor));
        return b.add(b.mul(x, perChannel(node, x, factor)), perChannel(node, x, shift));
    }
}
