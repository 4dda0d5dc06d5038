package io.portolan.converter.passes;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/**
 * Moves constants for each channel that the output of a convolution is multiplied with, or that are added to or subtracted from it, and
 * batch normalisation with constant statistics, into the convolution's weights and bias, where they cost nothing. New weights are computed in double
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

    /**
     * What the output of a convolution is multiplied with, and what is then added, for each channel.
     *
     * @param factors 1 for every channel of a mere shift
     */
    private record Affine(double[] factors, double[] shifts) {
        static Affine shift(double[] shifts) {
            return new Affine(
                    DoubleStream.generate(() -> 1).limit(shifts.length).toArray(), shifts);
        }

        static Affine scale(double[] factors) {
            return new Affine(factors, new double[factors.length]);
        }

        boolean scales() {
            return Arrays.stream(factors).anyMatch(factor -> factor != 1);
        }
    }

    private static Optional<Value> merged(Node node, Map<Value, Integer> uses, GraphBuilder b) {
        if (!(node.op() instanceof StandardOp op)) {
            return Optional.empty();
        }
        return switch (op) {
            case ADD ->
                Patterns.eitherOrder(
                        node, (x, constant) -> merged(x, channels(constant, x).map(Affine::shift), uses, b));
            case MUL ->
                Patterns.eitherOrder(
                        node, (x, constant) -> merged(x, channels(constant, x).map(Affine::scale), uses, b));
            case SUB -> merged(node, number -> -number, Affine::shift, uses, b);
            case DIV -> merged(node, number -> 1 / number, Affine::scale, uses, b);
            case BATCH_NORMALIZATION -> merged(node.input(0), normalization(node), uses, b);
            default -> Optional.empty();
        };
    }

    private static Optional<Value> merged(
            Node node,
            DoubleUnaryOperator inverse,
            Function<double[], Affine> affine,
            Map<Value, Integer> uses,
            GraphBuilder b) {
        Value x = node.input(0);
        return merged(
                x,
                channels(node.input(1), x)
                        .map(numbers ->
                                affine.apply(Arrays.stream(numbers).map(inverse).toArray())),
                uses,
                b);
    }

    private static Optional<Value> merged(
            Value convolved, Optional<Affine> affine, Map<Value, Integer> uses, GraphBuilder b) {
        return b.graph()
                .producer(convolved)
                .filter(conv -> isConvolution(conv)
                        && uses.getOrDefault(convolved, 2) == 1
                        && convolved.element() == OnnxType.FLOAT
                        && conv.inputs().stream().skip(1).allMatch(Value::isConstant))
                .flatMap(conv -> affine.map(channels -> with(conv, channels, b)));
    }

    private static boolean isConvolution(Node node) {
        return node.op() == StandardOp.CONV
                || node.op() == StandardOp.CONV_TRANSPOSE && node.attributes().integer("group", 1) == 1;
    }

    private static Optional<double[]> channels(Value constant, Value convolved) {
        return ChannelConstant.of(constant, convolved)
                .map(TensorData::doubles)
                .filter(numbers -> convolved.shape().dim(1).is(numbers.length));
    }

    /** Batch normalisation with constant statistics: (x - mean) / √(variance + ε) · scale + bias. */
    private static Optional<Affine> normalization(Node node) {
        if (!node.inputs().stream().skip(1).allMatch(Value::isConstant)
                || node.attributes().integer("training_mode", 0) != 0) {
            return Optional.empty();
        }
        List<double[]> numbers = node.inputs().stream()
                .skip(1)
                .map(input -> input.data().orElseThrow().doubles())
                .toList();
        double epsilon = node.attributes().real("epsilon", 1e-5f);
        double[] factors = numbers.get(0);
        double[] shifts = numbers.get(1);
        for (int i = 0; i < factors.length; i++) {
            factors[i] /= Math.sqrt(numbers.get(3)[i] + epsilon);
            shifts[i] -= numbers.get(2)[i] * factors[i];
        }
        return Optional.of(new Affine(factors, shifts));
    }

    private static Value with(Node conv, Affine affine, GraphBuilder b) {
        Value weights = conv.input(1);
        int channels = affine.factors().length;
        double[] bias =
                conv.inputs().size() == 3 ? conv.input(2).data().orElseThrow().doubles() : new double[channels];
        Arrays.setAll(bias, i -> bias[i] * affine.factors()[i] + affine.shifts()[i]);
        return b.apply(
                conv.op(),
                conv.attributes(),
                conv.input(0),
                affine.scales()
                        ? b.constant(
                                scaled(weights.data().orElseThrow(), conv.op() == StandardOp.CONV ? 0 : 1, affine),
                                weights.name())
                        : weights,
                b.constant(TensorData.ofDoubles(OnnxType.FLOAT, bias, channels)));
    }

    /** Weights times the factor of their output channel. */
    private static TensorData scaled(TensorData weights, int channelAxis, Affine affine) {
        FloatBuffer elements = weights.bytes().asFloatBuffer();
        ByteBuffer scaled = TensorData.allocate(OnnxType.FLOAT, weights.shape());
        int stride = (int) Arrays.stream(weights.shape()).skip(channelAxis + 1).reduce(1, Math::multiplyExact);
        for (int row = 0; elements.hasRemaining(); row++) {
            double factor = affine.factors()[row % affine.factors().length];
            for (int i = 0; i < stride; i++) {
                scaled.putFloat((float) (elements.get() * factor));
            }
        }
        return new TensorData(OnnxType.FLOAT, weights.shape(), scaled.flip());
    }
}
