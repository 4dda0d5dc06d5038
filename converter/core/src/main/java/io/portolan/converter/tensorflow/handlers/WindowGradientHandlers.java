package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.FILTERED;
import static io.portolan.converter.tensorflow.ElementTypes.FLOATS;
import static io.portolan.converter.tensorflow.ElementTypes.FLOAT_ONLY;
import static io.portolan.converter.tensorflow.ElementTypes.HALVES;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.tensorflow.ElementTypes;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Gradients of pools, of convolutions with respect to their kernels, and of batch normalisation. */
final class WindowGradientHandlers {
    private static final String[] POOL = {"ksize", "strides", "padding", "data_format"};
    private static final String[] KERNEL = {"strides", "padding", "explicit_paddings", "data_format", "dilations"};

    static final List<OpDefinition> OPS = List.of(
            op("MaxPoolGrad", FLOATS)
                    .since(16)
                    .reads("ksize", "strides", "padding", "explicit_paddings", "data_format")
                    .real(WindowGradientHandlers::maxPool),
            op("AvgPoolGrad", FILTERED).inSinglePrecision().reads(POOL).real(WindowGradientHandlers::averagePool),
            op("Conv2DBackpropFilter", FLOATS)
                    .reads(KERNEL)
                    .limitedTo("one group")
                    .real(node -> kernel(node, WindowGradientHandlers::ofConvolution)),
            op("DepthwiseConv2dNativeBackpropFilter", FLOATS)
                    .reads(KERNEL)
                    .real(node -> kernel(node, WindowGradientHandlers::ofDepthwise)),
            batchNorm("FusedBatchNormGrad", FLOAT_ONLY),
            batchNorm("FusedBatchNormGradV2", FLOAT_ONLY.and(HALVES)),
            batchNorm("FusedBatchNormGradV3", FLOAT_ONLY.and(HALVES)));

    private WindowGradientHandlers() {}

    /** The gradient of each window goes to its largest element, the first of equal ones; windows that overlap add theirs. */
    private static Value maxPool(NodeContext node) {
        GraphBuilder b = node.builder();
        Window window = new Window(node, node.input(0).rank(), node.integers("strides"), List.of());
        Value x = window.channelsFirst(node.input(0));
        Attributes attributes = window.attributes(x, window.spatial("ksize", node.integers("ksize")));
        Value places = b.node(StandardOp.MAX_POOL_WITH_PLACES, attributes, x).get(1);
        Value shape = b.shapeOf(x);
        Value zeros = b.expand(b.like(x, 0), b.reduce(StandardOp.REDUCE_PROD, shape, true, 0));
        Value sums = b.apply(
                StandardOp.SCATTER_ELEMENTS,
                Attributes.of("reduction", "add"),
                zeros,
                b.reshape(places, -1),
                b.reshape(window.channelsFirst(node.input(2)), -1));
        return window.restored(b.reshape(sums, shape));
    }

    /** Every window spreads its gradient evenly over the elements that it sees: a transposed convolution of ones, channel by channel. */
    private static Value averagePool(NodeContext node) {
        GraphBuilder b = node.builder();
        Value dy = node.input(1);
        Window window = new Window(node, dy.rank(), node.integers("strides"), List.of());
        List<Long> size = window.spatial("ksize", node.integers("ksize"));
        Value shape = b.cast(node.input(0), OnnxType.INT64);
        Value sizes = b.slice(shape, List.of(0L), List.of(new SliceRange(window.axis(0), window.axis(2), 1)));
        Value first = window.channelsFirst(dy);
        Value batch = FillHandlers.element(b, shape, 0);
        Value channels = FillHandlers.element(b, shape, window.axis(0) == 1 ? 3 : 1);
        Value plane = b.concat(0, b.longs(-1, 1), Shapes.sizes(b, first, 2, 4));
        double[] ones = new double[Math.toIntExact(size.get(0) * size.get(1))];
        Arrays.fill(ones, 1);
        Value kernel = b.constant(TensorData.ofDoubles(dy.element(), ones, 1, 1, size.get(0), size.get(1)));
        Value image = b.expand(b.like(dy, 1), b.concat(0, b.longs(1, 1), sizes));
        Value counts = b.apply(StandardOp.CONV, window.attributes(image, size), image, kernel);
        Value spread = window.transposed(b.reshape(b.div(first, counts), plane), kernel, sizes, 1);
        return window.restored(b.reshape(spread, b.concat(0, batch, channels, sizes)));
    }

    /** The product of the elements that a kernel sees, (positions, window, channels), and of the gradient, (positions, channels). */
    private interface KernelGradient {
        Value of(GraphBuilder b, Value patches, Value gradient, List<Long> kernel);
    }

    private static Value kernel(NodeContext node, KernelGradient gradient) {
        GraphBuilder b = node.builder();
        List<Long> kernel = node.integers(1);
        boolean isLast = node.text("data_format", "NHWC").equals("NHWC");
        Value x = channelsLast(b, node.input(0), isLast);
        Value dy = channelsLast(b, node.input(2), isLast);
        Window window = new Window(node, 4, node.integers("strides"), node.integers("dilations"));
        Patches patches = window.patches(kernel.subList(0, 2));
        if (!patches.isSame()) {
            x = b.pad(x, window.padsOfChannelsLast(), b.like(x, 0));
        }
        long size = kernel.get(0) * kernel.get(1);
        Value seen = b.reshape(patches.of(b, x, 0), -1, size, Shapes.known(x, 3));
        return b.reshape(gradient.of(b, seen, b.reshape(dy, -1, Shapes.known(dy, 3)), kernel), Shapes.array(kernel));
    }

    private static Value channelsLast(GraphBuilder b, Value x, boolean isLast) {
        return isLast ? x : b.transpose(x, 0, 2, 3, 1);
    }

    private static Value ofConvolution(GraphBuilder b, Value patches, Value dy, List<Long> kernel) {
        long channels = Shapes.known(patches, 2);
        if (channels != kernel.get(2)) {
            throw new IllegalArgumentException(
                    "expected one group, got " + channels + " channels for a kernel of " + kernel);
        }
        Value rows = b.reshape(patches, -1, Shapes.known(patches, 1) * channels);
        return b.matMul(b.transposeMatrix(rows), dy);
    }

    /** Channel by channel: (channels, window, positions) times (channels, positions, outputs per channel). */
    private static Value ofDepthwise(GraphBuilder b, Value patches, Value dy, List<Long> kernel) {
        Value outputs = b.transpose(b.reshape(dy, -1, kernel.get(2), kernel.get(3)), 1, 0, 2);
        return b.transpose(b.matMul(b.transpose(patches, 2, 1, 0), outputs), 1, 0, 2);
    }

    private static OpDefinition batchNorm(String name, ElementTypes types) {
        return op(name, types)
                .limitedTo("inference")
                .reads("epsilon", "data_format", "is_training")
                .as(WindowGradientHandlers::batchNorm);
    }

    /** With fixed moments: of the input, of the scale and of the shift; the outputs behind them mean nothing. */
    private static List<TranslatedTensor> batchNorm(NodeContext node) {
        NormalizationHandlers.requireInference(node);
        GraphBuilder b = node.builder();
        Value x = node.input(1);
        Value scale = node.input(2);
        OnnxType wide = scale.element();
        int rank = x.rank();
        boolean isLast = node.text("data_format", "NHWC").endsWith("C");
        long[] others = LongStream.range(0, rank)
                .filter(axis -> axis != (isLast ? rank - 1 : 1))
                .toArray();
        long[] behind = isLast ? new long[0] : LongStream.range(1, rank - 1).toArray();
        Value dy = b.cast(node.input(0), wide);
        Value variance = b.add(node.input(4), b.like(scale, (float) node.real("epsilon", 1e-4f)));
        Value factor = b.apply(StandardOp.RECIPROCAL, b.apply(StandardOp.SQRT, variance));
        Value centred = b.sub(b.cast(x, wide), b.unsqueeze(node.input(3), behind));
        Value ofInput = b.mul(dy, b.unsqueeze(b.mul(scale, factor), behind));
        Value ofScale = b.mul(b.reduce(StandardOp.REDUCE_SUM, b.mul(dy, centred), false, others), factor);
        Value ofShift = b.reduce(StandardOp.REDUCE_SUM, dy, false, others);
        return List.of(
                new RealValue(b.cast(ofInput, x.element())),
                new RealValue(ofScale),
                new RealValue(ofShift),
                new RealValue(b.like(scale, 0)),
                new RealValue(b.like(scale, 0)));
    }
}
