package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.tensorflow.HandlerRegistry;
import io.portolan.converter.tensorflow.NodeContext;
import java.util.List;

/**
 * Convolutions and pools over height and width. ONNX wants channels first; the transposes around each op and of the
 * kernels are left to the passes, which cancel the former where two ops meet and fold the latter into the constants.
 */
final class ConvolutionHandlers {
    private ConvolutionHandlers() {}

    /** Adds this family. */
    static void register(HandlerRegistry.Builder table) {
        table.real("Conv2D", ConvolutionHandlers::conv2d)
                .real("DepthwiseConv2dNative", ConvolutionHandlers::depthwise)
                .real("MaxPool", node -> poolByAttributes(node, StandardOp.MAX_POOL))
                .real("MaxPoolV2", node -> pool(node, StandardOp.MAX_POOL, node.integers(1), node.integers(2)))
                .real("AvgPool", node -> poolByAttributes(node, StandardOp.AVERAGE_POOL));
    }

    /** The kernel is (height, width, input channels of a group, output channels). */
    private static Value conv2d(NodeContext node) {
        Window window = new Window(node, node.integers("strides"));
        Value x = window.channelsFirst(node.input(0));
        Value kernel = node.builder().transpose(node.input(1), 3, 2, 0, 1);
        return window.restored(conv(node, window, x, kernel, size(x, 1) / size(kernel, 1)));
    }

    /** The kernel is (height, width, channels, outputs of each channel); every channel is a group of its own. */
    private static Value depthwise(NodeContext node) {
        GraphBuilder b = node.builder();
        Window window = new Window(node, node.integers("strides"));
        Value x = window.channelsFirst(node.input(0));
        Value byChannel = b.transpose(node.input(1), 2, 3, 0, 1);
        long channels = size(byChannel, 0);
        Value kernel = b.reshape(byChannel, channels * size(byChannel, 1), 1, size(byChannel, 2), size(byChannel, 3));
        return window.restored(conv(node, window, x, kernel, channels));
    }

    private static Value conv(NodeContext node, Window window, Value x, Value kernel, long groups) {
        Attributes attributes = window.attributes(x, List.of(size(kernel, 2), size(kernel, 3))).with("group", groups);
        return node.builder().apply(StandardOp.CONV, attributes, x, kernel);
    }

    private static Value poolByAttributes(NodeContext node, StandardOp op) {
        return pool(node, op, node.integers("ksize"), node.integers("strides"));
    }

    /** Padding takes no part in a pool: it is -infinity to the maximum and not counted by the mean, as in ONNX. */
    private static Value pool(NodeContext node, StandardOp op, List<Long> size, List<Long> strides) {
        Window window = new Window(node, strides);
        Value x = window.channelsFirst(node.input(0));
        Attributes attributes = window.attributes(x, window.spatial("ksize", size));
        return window.restored(node.builder().apply(op, attributes, x));
    }

    private static long size(Value value, int axis) {
        return value.shape().dim(axis).size().orElseThrow(
                () -> new IllegalArgumentException("expected a known size at axis " + axis + " of " + value));
    }
}
