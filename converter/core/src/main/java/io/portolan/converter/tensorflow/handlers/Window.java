package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.tensorflow.NodeContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The window attributes of convolutions and pools over two or three spatial axes: TensorFlow lists all axes in the order of the
 * data format, ONNX the spatial ones only and padding always in numbers.
 */
final class Window {
    private final NodeContext node;
    private final int axes;
    private final boolean channelsFirst;
    private final List<Long> strides;
    private final List<Long> dilations;

    /**
     * @param rank of the tensors that the window slides over
     * @param strides of all axes
     * @param dilations of all axes; empty for none
     */
    Window(NodeContext node, int rank, List<Long> strides, List<Long> dilations) {
        this.node = node;
        this.axes = rank - 2;
        String format = node.text("data_format", axes == 3 ? "NDHWC" : "NHWC");
        this.channelsFirst = format.equals(axes == 3 ? "NCDHW" : "NCHW");
        if (!channelsFirst && !format.equals(axes == 3 ? "NDHWC" : "NHWC")) {
            throw new IllegalArgumentException("expected channels first or last, got data_format " + format);
        }
        this.strides = spatial("strides", strides);
        this.dilations = spatial("dilations", dilations);
    }

    /** The input in ONNX's layout: channels before the spatial axes. */
    Value channelsFirst(Value x) {
        return channelsFirst ? x : node.builder().transpose(x, toFirst());
    }

    /** A result in the node's layout. */
    Value restored(Value y) {
        return channelsFirst ? y : node.builder().transpose(y, toLast());
    }

    /** A kernel (spatial..., a, b) as (b, a, spatial...). */
    Value reversedKernel(Value kernel) {
        return kernel(kernel, axes + 1, axes);
    }

    /** A kernel (spatial..., a, b) as (a, b, spatial...). */
    Value kernel(Value kernel) {
        return kernel(kernel, axes, axes + 1);
    }

    private Value kernel(Value kernel, long first, long second) {
        return node.builder()
                .transpose(
                        kernel,
                        LongStream.concat(LongStream.of(first, second), LongStream.range(0, axes))
                                .toArray());
    }

    private long[] toFirst() {
        return LongStream.concat(LongStream.of(0, axes + 1), LongStream.rangeClosed(1, axes))
                .toArray();
    }

    private long[] toLast() {
        return LongStream.concat(
                        LongStream.of(0), LongStream.rangeClosed(2, axes + 2).map(axis -> axis == axes + 2 ? 1 : axis))
                .toArray();
    }

    /** The index of a spatial axis in the node's layout. */
    int axis(int spatial) {
        return spatial + (channelsFirst ? 2 : 1);
    }

    /** The spatial entries of a list with an entry per axis; ones if the list is omitted. */
    List<Long> spatial(String name, List<Long> all) {
        if (all.isEmpty()) {
            return Collections.nCopies(axes, 1L);
        }
        List<Long> spatial = all.subList(axis(0), axis(axes));
        if (product(all) != product(spatial)) {
            throw new IllegalArgumentException("expected " + name + " of 1 for all but the spatial axes, got " + all);
        }
        return spatial;
    }

    private static long product(List<Long> numbers) {
        return numbers.stream().reduce(1L, Math::multiplyExact);
    }

    /**
     * The attributes of the ONNX operator.
     *
     * @param x the input, channels first
     * @param kernel the spatial sizes of the window
     */
    Attributes attributes(Value x, List<Long> kernel) {
        Attributes attributes = Attributes.of("kernel_shape", kernel)
                .with("strides", strides)
                .with("pads", pads(x.shape().dims().subList(2, axes + 2), kernel));
        // Omitted if all are 1: AveragePool has no such attribute before opset 19.
        return dilations.stream().allMatch(dilation -> dilation == 1)
                ? attributes
                : attributes.with("dilations", dilations);
    }

    /**
     * The attributes of the transposed operator.
     *
     * @param y the input, channels first
     * @param sizes the spatial sizes of the output
     * @param kernel the spatial sizes of the window
     */
    Attributes transposedAttributes(Value y, List<Dim> sizes, List<Long> kernel) {
        List<Long> pads = pads(sizes, kernel);
        List<Long> missing = new ArrayList<>();
        for (int i = 0; i < axes; i++) {
            long covered =
                    strides.get(i) * (Shapes.known(y, i + 2) - 1) + reach(kernel, i) - pads.get(i) - pads.get(i + axes);
            missing.add(sizes.get(i).size().orElseThrow() - covered);
        }
        return Attributes.of("kernel_shape", kernel)
                .with("strides", strides)
                .with("pads", pads)
                .with("dilations", dilations)
                .with("output_padding", missing);
    }

    private long reach(List<Long> kernel, int axis) {
        return (kernel.get(axis) - 1) * dilations.get(axis) + 1;
    }

    private List<Long> pads(List<Dim> sizes, List<Long> kernel) {
        String padding = node.text("padding", "");
        return switch (padding) {
            case "VALID" -> Collections.nCopies(2 * axes, 0L);
            case "SAME" -> samePads(sizes, kernel);
            case "EXPLICIT" -> explicitPads();
            default -> throw new IllegalArgumentException("expected padding SAME, VALID or EXPLICIT, got " + padding);
        };
    }

    private List<Long> explicitPads() {
        List<Long> pairs = node.integers("explicit_paddings");
        List<Long> pads = new ArrayList<>();
        for (int side = 0; side < 2; side++) {
            for (int i = 0; i < axes; i++) {
                pads.add(pairs.get(2 * axis(i) + side));
            }
        }
        return pads;
    }

    /** The padding that gives ceil(size / stride) positions; the odd element is added at the end. */
    private List<Long> samePads(List<Dim> sizes, List<Long> kernel) {
        List<Long> before = new ArrayList<>();
        List<Long> behind = new ArrayList<>();
        for (int i = 0; i < axes; i++) {
            long total = Math.max(0, reach(kernel, i) - lastStride(sizes.get(i), strides.get(i)));
            before.add(total / 2);
            behind.add(total - total / 2);
        }
        before.addAll(behind);
        return before;
    }

    /** The number of elements that only the last position of the window covers. With stride 1 the size does not matter. */
    private static long lastStride(Dim size, long stride) {
        if (stride == 1) {
            return 1;
        }
        long known = size.size()
                .orElseThrow(() -> new IllegalArgumentException(
                        "expected known spatial sizes, on which SAME padding with strides depends"));
        return known % stride == 0 ? stride : known % stride;
    }
}
