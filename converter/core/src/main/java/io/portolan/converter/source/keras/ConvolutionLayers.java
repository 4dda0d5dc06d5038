package io.portolan.converter.source.keras;

import static io.portolan.converter.source.keras.LayerTable.row;

import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.source.keras.LayerTable.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.tensorflow.Output;

/** Convolutions of one to three spatial axes. Those of one are convolutions of images of height 1. */
final class ConvolutionLayers {
    static final List<Row> ROWS = Stream.of(1, 2, 3)
            .flatMap(rank -> Stream.concat(
                    Stream.of(
                            row("Conv" + rank + "D", (call, x) -> plain(call, x, rank)),
                            row("Conv" + rank + "DTranspose", (call, x) -> transposed(call, x, rank))),
                    rank == 3
                            ? Stream.<Row>empty()
                            : Stream.of(
                                    row("DepthwiseConv" + rank + "D", (call, x) -> depthwise(call, x, rank)),
                                    row("SeparableConv" + rank + "D", (call, x) -> separable(call, x, rank)))))
            .toList();

    private ConvolutionLayers() {}

    /**
     * How a window moves.
     *
     * @param sizes of the window along each spatial axis
     * @param padding {@code SAME}, {@code VALID} or {@code CAUSAL}
     */
    record Window(List<Long> sizes, List<Long> strides, List<Long> dilations, String padding) {
        static Window of(LayerConfig config, int rank) {
            return new Window(
                    positive(config, "kernel_size", config.integers("kernel_size", rank)),
                    positive(config, "strides", config.integers("strides", rank, 1)),
                    positive(config, "dilation_rate", config.integers("dilation_rate", rank, 1)),
                    config.among("padding", "valid", Set.of("valid", "same", "causal"))
                            .toUpperCase(java.util.Locale.ROOT));
        }

        private static List<Long> positive(LayerConfig config, String option, List<Long> values) {
            if (values.stream().anyMatch(value -> value < 1)) {
                throw config.wrong(option, "integers above 0");
            }
            return values;
        }

        private static long[] all(List<Long> spatial) {
            List<Long> all = new ArrayList<>(spatial.size() == 1 ? List.of(1L, 1L) : List.of(1L));
            all.addAll(spatial);
            all.add(1L);
            return all.stream().mapToLong(Long::longValue).toArray();
        }

        /** A shape of a weight: the window, then these sizes. */
        long[] shape(long... last) {
            long[] shape =
                    Arrays.copyOf(sizes.stream().mapToLong(Long::longValue).toArray(), sizes.size() + last.length);
            System.arraycopy(last, 0, shape, sizes.size(), last.length);
            return shape;
        }

        /** At how many places of an axis the window stops. */
        long positions(int axis, long size) {
            long extent = padding.equals("VALID") ? (sizes.get(axis) - 1) * dilations.get(axis) : 0;
            return Math.max(0, (size - extent + strides.get(axis) - 1) / strides.get(axis));
        }

        Map<String, Object> attributes(String applied) {
            return Map.of("strides", all(strides), "dilations", all(dilations), "padding", applied);
        }
    }

    /** A convolution with channels last, of any spatial rank. */
    static Output<?> convolution(GraphOps tf, Output<?> input, Output<?> kernel, Window window) {
        int spatial = window.sizes().size();
        Output<?> x = input;
        String padding = window.padding();
        if (padding.equals("CAUSAL")) {
            int before =
                    Math.toIntExact(window.dilations().get(0) * (window.sizes().get(0) - 1));
            x = tf.op("Pad", x, tf.pairs(new int[][] {{0, 0}, {before, 0}, {0, 0}}));
            padding = "VALID";
        }
        if (spatial == 3) {
            return tf.op("Conv3D", window.attributes(padding), x, kernel);
        }
        if (spatial == 2) {
            return tf.op("Conv2D", window.attributes(padding), x, kernel);
        }
        Output<?> y = tf.op("Conv2D", window.attributes(padding), tf.expand(x, 1), tf.expand(kernel, 0));
        return tf.squeeze(y, 1);
    }

    private static Output<?> finished(LayerCall call, Output<?> y, long filters) {
        Output<?> biased = call.config().flag("use_bias", true) ? call.tf().add(y, call.weight("bias", filters)) : y;
        return biased;
    }

    private static Output<?> plain(LayerCall call, Output<?> x, int rank) {
        requireRank(x, rank);
        Window window = Window.of(call.config(), rank);
        long filters = call.config().count("filters");
        long groups = call.config().integer("groups", 1);
        Output<?> y = Images.channelsLast(call, x, last -> {
            long channels = GraphOps.known(last, -1);
            if (groups < 1 || channels % groups != 0) {
                throw call.config().wrong("groups", "a divisor of the " + channels + " channels");
            }
            Output<?> kernel = call.weight("kernel", window.shape(channels / groups, filters));
            Output<?> product = groups == 1 || rank < 3
                    ? convolution(call.tf(), last, kernel, window)
                    : grouped(call.tf(), last, kernel, window, (int) groups);
            return finished(call, product, filters);
        });
        return call.activated("activation", y);
    }

    /** Groups one by one, where TensorFlow has none on processors. */
    private static Output<?> grouped(GraphOps tf, Output<?> x, Output<?> kernel, Window window, int groups) {
        List<Output<?>> inputs = tf.split(x, GraphOps.rank(x) - 1, groups);
        List<Output<?>> kernels = tf.split(kernel, GraphOps.rank(kernel) - 1, groups);
        List<Output<?>> outputs = new ArrayList<>();
        for (int i = 0; i < groups; i++) {
            outputs.add(convolution(tf, inputs.get(i), kernels.get(i), window));
        }
        return tf.concat(outputs, GraphOps.rank(x) - 1);
    }

    static void requireRank(Output<?> x, int spatial) {
        if (GraphOps.rank(x) != spatial + 2) {
            throw new ConversionException("has an input of rank " + GraphOps.rank(x) + "; expected " + (spatial + 2));
        }
    }

    /** A convolution of each channel with kernels of its own, which is one in as many groups. */
    private static Output<?> perChannel(GraphOps tf, Output<?> x, Output<?> kernel, Window window) {
        long channels = GraphOps.known(x, -1);
        long multiplier = GraphOps.known(kernel, -1);
        boolean isPlain = window.sizes().size() == 2
                && window.dilations().stream().allMatch(rate -> rate == 1)
                && window.strides().get(0).equals(window.strides().get(1));
        if (isPlain) {
            return tf.op(
                    "DepthwiseConv2dNative",
                    Map.of("strides", Window.all(window.strides()), "padding", window.padding()),
                    x,
                    kernel);
        }
        long[] shape = window.shape(1, channels * multiplier);
        return convolution(tf, x, tf.reshape(kernel, shape), window);
    }

    private static Output<?> depthwise(LayerCall call, Output<?> x, int rank) {
        requireRank(x, rank);
        Window window = Window.of(call.config(), rank);
        long multiplier = call.config().integer("depth_multiplier", 1);
        call.config().ignore("groups", "filters", "kernel_initializer");
        Output<?> y = Images.channelsLast(call, x, last -> {
            long channels = GraphOps.known(last, -1);
            // Before Keras 3, the weight was called depthwise_kernel; files do not say.
            Output<?> kernel = call.weight("kernel", window.shape(channels, multiplier));
            return finished(call, perChannel(call.tf(), last, kernel, window), channels * multiplier);
        });
        return call.activated("activation", y);
    }

    private static Output<?> separable(LayerCall call, Output<?> x, int rank) {
        requireRank(x, rank);
        Window window = Window.of(call.config(), rank);
        long multiplier = call.config().integer("depth_multiplier", 1);
        long filters = call.config().count("filters");
        call.config().require("groups", 1L);
        Output<?> y = Images.channelsLast(call, x, last -> {
            long channels = GraphOps.known(last, -1);
            Output<?> depthwise = call.weight("depthwise_kernel", window.shape(channels, multiplier));
            List<Long> ones = Collections.nCopies(rank, 1L);
            Window point = new Window(ones, ones, ones, "VALID");
            Output<?> pointwise = call.weight("pointwise_kernel", point.shape(channels * multiplier, filters));
            Output<?> parts = perChannel(call.tf(), last, depthwise, window);
            return finished(call, convolution(call.tf(), parts, pointwise, point), filters);
        });
        return call.activated("activation", y);
    }

    private static Output<?> transposed(LayerCall call, Output<?> x, int rank) {
        requireRank(x, rank);
        GraphOps tf = call.tf();
        Window window = Window.of(call.config(), rank);
        long filters = call.config().count("filters");
        call.config().require("groups", 1L);
        List<Long> extra = call.config().has("output_padding") ? call.config().integers("output_padding", rank) : null;
        call.config().ignore("output_padding");
        boolean isFlat = rank == 1;
        Output<?> y = Images.channelsLast(call, x, last -> {
            Output<?> kernel = call.weight("kernel", window.shape(filters, GraphOps.known(last, -1)));
            List<Object> sizes = new ArrayList<>();
            sizes.add(tf.dimension(last, 0));
            if (isFlat) {
                sizes.add(1L);
            }
            for (int i = 0; i < rank; i++) {
                sizes.add(size(tf, last, i, window, extra));
            }
            sizes.add(filters);
            Output<?> product = tf.op(
                    rank == 3 ? "Conv3DBackpropInputV2" : "Conv2DBackpropInput",
                    window.attributes(window.padding()),
                    tf.sizes(sizes),
                    isFlat ? tf.expand(kernel, 0) : kernel,
                    isFlat ? tf.expand(last, 1) : last);
            return finished(call, isFlat ? tf.squeeze(product, 1) : product, filters);
        });
        return call.activated("activation", y);
    }

    /** The size of a transposed convolution's output: {@code (n − 1)·stride + extent − 2·pad + extra}, as Keras computes it. */
    private static Object size(GraphOps tf, Output<?> x, int axis, Window window, List<Long> extra) {
        long stride = window.strides().get(axis);
        long extent = (window.sizes().get(axis) - 1) * window.dilations().get(axis) + 1;
        boolean isSame = window.padding().equals("SAME");
        long offset;
        if (extra == null) {
            offset = isSame ? 0 : Math.max(extent - stride, 0);
        } else {
            offset = extent - stride - 2 * (isSame ? extent / 2 : 0) + extra.get(axis);
        }
        long size = GraphOps.size(x, axis + 1);
        if (size >= 0) {
            return size * stride + offset;
        }
        Output<?> scaled = tf.mul(tf.sizeOf(x, axis + 1), tf.integer(stride));
        return offset == 0 ? scaled : tf.add(scaled, tf.integer(offset));
    }
}
