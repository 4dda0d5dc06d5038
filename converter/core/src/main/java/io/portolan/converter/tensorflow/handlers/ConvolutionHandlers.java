package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.lowering.Shapes.known;
import static io.portolan.converter.tensorflow.ElementTypes.FILTERED;
import static io.portolan.converter.tensorflow.ElementTypes.FLOATS;
import static io.portolan.converter.tensorflow.ElementTypes.FLOAT_ONLY;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;

/**
 * Convolutions and pooling over two and three axes. ONNX requires channels first; the passes cancel the transposes between
 * consecutive ops and fold those of the kernels into the constants.
 */
final class ConvolutionHandlers {
    private static final String[] PLANE = {"strides", "padding", "explicit_paddings", "data_format", "dilations"};
    private static final String[] SPACE = {"strides", "padding", "data_format", "dilations"};
    private static final String[] POOL = {"ksize", "strides", "padding", "data_format"};

    static final List<OpDefinition> OPS = List.of(
            op("Conv2D", FILTERED).inSinglePrecision().reads(PLANE).real(ConvolutionHandlers::convolution),
            op("Conv3D", FLOATS).inSinglePrecision().reads(SPACE).real(ConvolutionHandlers::convolution),
            op("DepthwiseConv2dNative", FILTERED)
                    .inSinglePrecision()
                    .reads(PLANE)
                    .real(ConvolutionHandlers::depthwise),
            op("Conv2DBackpropInput", FILTERED).inSinglePrecision().reads(PLANE).real(ConvolutionHandlers::transposed),
            op("Conv3DBackpropInputV2", FLOATS).inSinglePrecision().reads(SPACE).real(ConvolutionHandlers::transposed),
            op("DepthwiseConv2dNativeBackpropInput", FILTERED)
                    .inSinglePrecision()
                    .reads(PLANE)
                    .real(ConvolutionHandlers::transposedDepthwise),
            op("MaxPool", FILTERED)
                    .reads("ksize", "strides", "padding", "explicit_paddings", "data_format")
                    .real(node -> poolByAttributes(node, StandardOp.MAX_POOL)),
            op("MaxPoolV2", FILTERED).reads("padding", "data_format").real(ConvolutionHandlers::poolByInputs),
            op("MaxPool3D", FLOAT_ONLY).reads(POOL).real(node -> poolByAttributes(node, StandardOp.MAX_POOL)),
            op("AvgPool", FILTERED)
                    .inSinglePrecision()
                    .reads(POOL)
                    .real(node -> poolByAttributes(node, StandardOp.AVERAGE_POOL)),
            op("AvgPool3D", FLOAT_ONLY).reads(POOL).real(node -> poolByAttributes(node, StandardOp.AVERAGE_POOL)));

    private ConvolutionHandlers() {}

    private static Window window(NodeContext node, Value x) {
        return new Window(node, x.rank(), node.integers("strides"), node.integers("dilations"));
    }

    /** The kernel is (spatial..., input channels of a group, output channels). */
    static Value convolution(NodeContext node) {
        Window window = window(node, node.input(0));
        Value x = window.channelsFirst(node.input(0));
        Value kernel = window.reversedKernel(node.input(1));
        return window.restored(convolve(node, window, x, kernel, groups(x, kernel)));
    }

    /** The number of groups; one where the channels of the input are not known. */
    private static long groups(Value x, Value kernel) {
        return x.shape().dim(1).isKnown() ? known(x, 1) / known(kernel, 1) : 1;
    }

    /** The kernel is (height, width, channels, outputs per channel); every channel is a group. */
    private static Value depthwise(NodeContext node) {
        GraphBuilder b = node.builder();
        Window window = window(node, node.input(0));
        Value byChannel = window.kernel(node.input(1));
        Value kernel = channelByChannel(b, byChannel);
        return window.restored(
                convolve(node, window, window.channelsFirst(node.input(0)), kernel, known(byChannel, 0)));
    }

    /** Reshapes kernels (channels, outputs per channel, height, width) to one kernel per output, each for one channel. */
    private static Value channelByChannel(GraphBuilder b, Value kernels) {
        return b.reshape(kernels, known(kernels, 0) * known(kernels, 1), 1, known(kernels, 2), known(kernels, 3));
    }

    private static Value convolve(NodeContext node, Window window, Value x, Value kernel, long groups) {
        Value padded = window.padded(x, Window.sizes(kernel));
        Attributes attributes = window.attributes(x, Window.sizes(kernel)).with("group", groups);
        return node.builder().apply(StandardOp.CONV, attributes, padded, kernel);
    }

    /** The gradient of a convolution, used as a transposed convolution; the first input is the output shape. */
    private static Value transposed(NodeContext node) {
        Window window = window(node, node.input(2));
        return transposed(node, window, window.reversedKernel(node.input(1)), 1);
    }

    private static Value transposedDepthwise(NodeContext node) {
        Window window = window(node, node.input(2));
        Value byChannel = window.kernel(node.input(1));
        return transposed(node, window, channelByChannel(node.builder(), byChannel), known(byChannel, 0));
    }

    private static Value transposed(NodeContext node, Window window, Value kernel, long groups) {
        GraphBuilder b = node.builder();
        Value y = window.channelsFirst(node.input(2));
        Value shape = b.cast(node.input(0), OnnxType.INT64);
        // Without a batch, the shape is that of one example.
        long first = window.axis(0) - (Shapes.known(shape, 0) == y.rank() ? 0 : 1);
        Value sizes = b.slice(shape, List.of(0L), List.of(new SliceRange(first, first + y.rank() - 2, 1)));
        return window.restored(window.transposed(y, kernel, sizes, groups));
    }

    private static Value poolByAttributes(NodeContext node, StandardOp op) {
        return pool(node, op, node.integers("ksize"), node.integers("strides"));
    }

    private static Value poolByInputs(NodeContext node) {
        return pool(node, StandardOp.MAX_POOL, node.integers(1), node.integers(2));
    }

    /** Padding does not contribute to pooling: it is -infinity for the maximum and not counted in the mean, as in ONNX. */
    private static Value pool(NodeContext node, StandardOp op, List<Long> size, List<Long> strides) {
        Window window = new Window(node, node.input(0).rank(), strides, List.of());
        Value x = window.channelsFirst(node.input(0));
        Attributes attributes = window.attributes(x, window.spatial("ksize", size));
        return window.restored(node.builder().apply(op, attributes, x));
    }
}
