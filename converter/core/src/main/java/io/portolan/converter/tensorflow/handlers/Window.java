package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.tensorflow.NodeContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
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
        return channelsFirst ? x : node.builder().transpose(x, Shapes.channelsFirst(axes + 2));
    }

    /** A result in the node's layout. */
    Value restored(Value y) {
        return channelsFirst ? y : node.builder().transpose(y, Shapes.channelsLast(axes + 2));
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
     * The attributes of the ONNX operator. Padding that depends on open sizes is left to the runtime, which pads as TensorFlow does.
     *
     * @param x the input, channels first, {@linkplain #padded padded}
     * @param kernel the spatial sizes of the window
     */
    Attributes attributes(Value x, List<Long> kernel) {
        Attributes attributes = Attributes.of("kernel_shape", kernel).with("strides", strides);
        if (isPadded(x)) {
            return isDilated() ? attributes.with("dilations", dilations) : attributes.with("auto_pad", "SAME_UPPER");
        }
        attributes = attributes.with("pads", pads(kernel, axis -> lastStride(x, axis)));
        // Omitted if all are 1: AveragePool has no such attribute before opset 19.
        return isDilated() ? attributes.with("dilations", dilations) : attributes;
    }

    private boolean isDilated() {
        return dilations.stream().anyMatch(dilation -> dilation != 1);
    }

    /** Whether the padding depends on sizes that are open. */
    private boolean isPadded(Value x) {
        return node.text("padding", "").equals("SAME")
                && IntStream.range(0, axes)
                        .anyMatch(
                                i -> strides.get(i) > 1 && !x.shape().dim(i + 2).isKnown());
    }

    /**
     * The input of a convolution, channels first, padded with zeros where the operator cannot do it: runtimes do not pad by open sizes
     * for windows with gaps.
     */
    Value padded(Value x, List<Long> kernel) {
        if (!isPadded(x) || !isDilated()) {
            return x;
        }
        GraphBuilder b = node.builder();
        Value ones = b.longs(Collections.nCopies(axes, 1L));
        Value positions = b.apply(StandardOp.MOD, b.sub(Shapes.sizes(b, x, 2, axes + 2), ones), b.longs(strides));
        Value total = samePadding(kernel, b.add(positions, ones));
        Value before = b.div(total, b.longs(Collections.nCopies(axes, 2L)));
        Value pads = b.concat(0, b.longs(0, 0), before, b.longs(0, 0), b.sub(total, before));
        return b.pad(x, pads, b.like(x, 0));
    }

    /** The padding of each axis that SAME requires, from the number of elements that only the last position of the window covers. */
    private Value samePadding(List<Long> kernel, Value last) {
        GraphBuilder b = node.builder();
        return b.apply(StandardOp.MAX, b.sub(b.longs(reaches(kernel)), last), b.longs(Collections.nCopies(axes, 0L)));
    }

    /**
     * The transposed convolution.
     *
     * @param y the input, channels first
     * @param kernel the kernel
     * @param sizes the spatial sizes of the output, a vector
     * @param groups the number of groups
     * @return the output, channels first
     */
    Value transposed(Value y, Value kernel, Value sizes, long groups) {
        GraphBuilder b = node.builder();
        List<Long> window = sizes(kernel);
        Value strided =
                b.mul(b.longs(strides), b.sub(Shapes.sizes(b, y, 2, axes + 2), b.longs(Collections.nCopies(axes, 1L))));
        Value last = b.sub(sizes, strided);
        Attributes attributes = Attributes.of("kernel_shape", window)
                .with("strides", strides)
                .with("dilations", dilations)
                .with("group", groups);
        if (last.isConstant()) {
            long[] rests = last.data().orElseThrow().longs();
            List<Long> pads = pads(window, axis -> rests[axis]);
            return b.apply(
                    StandardOp.CONV_TRANSPOSE,
                    attributes.with("pads", pads).with("output_padding", missing(rests, window, pads)),
                    y,
                    kernel);
        }
        // All positions that any output of a size leading to that of y has, then those of the size asked for.
        Value all = b.apply(
                StandardOp.CONV_TRANSPOSE,
                attributes
                        .with("pads", Collections.nCopies(2 * axes, 0L))
                        .with(
                                "output_padding",
                                strides.stream().map(stride -> stride - 1).toList()),
                y,
                kernel);
        Value start = node.text("padding", "").equals("SAME")
                ? b.div(samePadding(window, last), b.longs(Collections.nCopies(axes, 2L)))
                : b.longs(pads(window, axis -> 1).subList(0, axes));
        return b.apply(
                StandardOp.SLICE,
                all,
                start,
                b.add(start, sizes),
                b.longs(LongStream.range(2, axes + 2L).toArray()),
                b.longs(Collections.nCopies(axes, 1L)));
    }

    /** The same window where its patches are gathered; it pads in this way only if the padding is SAME. */
    Patches patches(List<Long> sizes) {
        return new Patches(sizes, strides, dilations, node.text("padding", "").equals("SAME"));
    }

    /** The padding of a tensor (batch, spatial…, channels), before and behind all axes, unless it is SAME. */
    List<Long> padsOfChannelsLast() {
        List<Long> spatial = pads(List.of(), axis -> 1);
        List<Long> all = new ArrayList<>();
        for (int side = 0; side < 2; side++) {
            all.add(0L);
            all.addAll(spatial.subList(side * axes, (side + 1) * axes));
            all.add(0L);
        }
        return all;
    }

    /** The spatial sizes of a kernel, which come after two axes. */
    static List<Long> sizes(Value kernel) {
        return IntStream.range(2, kernel.rank())
                .mapToObj(axis -> Shapes.known(kernel, axis))
                .toList();
    }

    /** The elements at the end of each axis that no position of the window reaches. */
    private List<Long> missing(long[] last, List<Long> kernel, List<Long> pads) {
        return IntStream.range(0, axes)
                .mapToObj(i -> last[i] - reach(kernel, i) + pads.get(i) + pads.get(i + axes))
                .toList();
    }

    private List<Long> reaches(List<Long> kernel) {
        return IntStream.range(0, axes).mapToObj(axis -> reach(kernel, axis)).toList();
    }

    private long reach(List<Long> kernel, int axis) {
        return (kernel.get(axis) - 1) * dilations.get(axis) + 1;
    }

    /**
     * The known padding before and behind each axis.
     *
     * @param last the number of elements of an axis that only the last position of the window covers
     */
    private List<Long> pads(List<Long> kernel, IntToLongFunction last) {
        String padding = node.text("padding", "");
        return switch (padding) {
            case "VALID" -> Collections.nCopies(2 * axes, 0L);
            case "SAME" -> samePads(kernel, last);
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
    private List<Long> samePads(List<Long> kernel, IntToLongFunction last) {
        List<Long> before = new ArrayList<>();
        List<Long> behind = new ArrayList<>();
        for (int i = 0; i < axes; i++) {
            long total = Math.max(0, reach(kernel, i) - last.applyAsLong(i));
            before.add(total / 2);
            behind.add(total - total / 2);
        }
        before.addAll(behind);
        return before;
    }

    /** The number of elements that only the last position of the window covers. With stride 1 the size does not matter. */
    private long lastStride(Value x, int axis) {
        long stride = strides.get(axis);
        return stride == 1 ? 1 : Math.floorMod(Shapes.known(x, axis + 2) - 1, stride) + 1;
    }
}
