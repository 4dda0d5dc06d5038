package io.portolan.converter.passes.weights;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.passes.Pass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Stores the weights of convolutions, matrix products and recurrent layers as 8-bit integers, symmetric around zero, with one scale per output
 * channel, followed by DequantizeLinear. The graph's arithmetic stays float32, but ONNX Runtime may quantize the other operands too
 * and multiply integers.
 */
public final class QuantizedWeights implements Pass {
    private static final int SMALLEST = 1024;
    private static final int LARGEST_LEVEL = 127;

    @Override
    public String name() {
        return "quantized-weights";
    }

    @Override
    public boolean isRequired() {
        return true;
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(graph, QuantizedWeights::rewrite);
    }

    private static Optional<List<Value>> rewrite(Node node, GraphBuilder b) {
        List<Value> inputs = new ArrayList<>(node.inputs());
        channelAxes(node).forEach((input, axis) -> {
            if (isLarge(node.input(input))) {
                inputs.set(input, stored(node.input(input), axis, b.outermost()));
            }
        });
        return inputs.equals(node.inputs())
                ? Optional.empty()
                : Optional.of(b.node(node.op(), node.attributes(), inputs.toArray(Value[]::new)));
    }

    /** The axis of output channels in each input that may be stored as integers. */
    private static Map<Integer, Integer> channelAxes(Node node) {
        if (!(node.op() instanceof StandardOp op)
                || node.inputs().isEmpty()
                || node.input(0).isConstant()) {
            return Map.of();
        }
        return switch (op) {
            // The kernel is (outputs, …).
            case CONV -> Map.of(1, 0);
            // A right-hand matrix is (inputs, outputs).
            case MAT_MUL -> node.input(1).rank() == 2 ? Map.of(1, 1) : Map.of();
            // Both matrices are (directions, gates, inputs).
            case LSTM, GRU, RNN -> Map.of(1, 1, 2, 1);
            default -> Map.of();
        };
    }

    private static boolean isLarge(Value value) {
        return value.data()
                .filter(data -> data.type() == OnnxType.FLOAT && data.size() >= SMALLEST)
                .isPresent();
    }

    private static Value stored(Value weight, int axis, GraphBuilder b) {
        TensorData data = weight.data().orElseThrow();
        long[] shape = data.shape();
        int channels = (int) shape[axis];
        int stride = 1;
        for (int i = axis + 1; i < shape.length; i++) {
            stride *= (int) shape[i];
        }
        float[] scales = scales(data, channels, stride);
        double[] levels = new double[data.size()];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = Math.rint(data.doubleAt(i) / scales[i / stride % channels]);
        }
        return b.apply(
                StandardOp.DEQUANTIZE_LINEAR,
                Attributes.of("axis", axis),
                b.constant(TensorData.ofDoubles(OnnxType.INT8, levels, shape), weight.name() + "/int8"),
                b.constant(TensorData.of(scales, channels), weight.name() + "/scale"));
    }

    /** The quantisation step of each channel; 1 for a channel of zeros. */
    private static float[] scales(TensorData data, int channels, int stride) {
        float[] scales = new float[channels];
        for (int i = 0; i < data.size(); i++) {
            int channel = i / stride % channels;
            scales[channel] = Math.max(scales[channel], (float) Math.abs(data.doubleAt(i)) / LARGEST_LEVEL);
        }
        for (int channel = 0; channel < channels; channel++) {
            scales[channel] = scales[channel] > 0 ? scales[channel] : 1;
        }
        return scales;
    }
}
