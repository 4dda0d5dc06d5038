package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.Value;
import io.portolan.converter.tensorflow.NodeContext;
import java.util.ArrayList;
import java.util.List;

/**
 * The window attributes of convolutions and pools: TensorFlow lists all four axes in the order of the data format,
 * ONNX the spatial ones only and padding always in numbers.
 */
final class Window {
    private final NodeContext node;
    private final boolean channelsFirst;
    private final List<Long> strides;

    /**
     * @param strides of all four axes
     */
    Window(NodeContext node, List<Long> strides) {
        this.node = node;
        String format = node.text("data_format", "NHWC");
        if (!format.equals("NHWC") && !format.equals("NCHW")) {
            throw new IllegalArgumentException("expected data_format NHWC or NCHW, got " + format);
        }
        this.channelsFirst = format.equals("NCHW");
        this.strides = spatial("strides", strides);
    }

    /** The input as ONNX has it: channels before height and width. */
    Value channelsFirst(Value x) {
        return channelsFirst ? x : node.builder().transpose(x, 0, 3, 1, 2);
    }

    /** A result in the order of axes that the node has. */
    Value restored(Value y) {
        return channelsFirst ? y : node.builder().transpose(y, 0, 2, 3, 1);
    }

    /** The height and width entries of a list with four; 1 and 1 if it is left out. */
    List<Long> spatial(String name, List<Long> all) {
        if (all.isEmpty()) {
            return List.of(1L, 1L);
        }
        List<Long> spatial = channelsFirst ? all.subList(2, 4) : all.subList(1, 3);
        if (all.stream().reduce(1L, Math::multiplyExact) != spatial.get(0) * spatial.get(1)) {
            throw new IllegalArgumentException("expected " + name + " of 1 off height and width, got " + all);
        }
        return spatial;
    }

    /**
     * The attributes of the ONNX operator.
     *
     * @param x the input, channels first
     * @param kernel height and width of the window
     */
    Attributes attributes(Value x, List<Long> kernel) {
        List<Long> dilations = spatial("dilations", node.integers("dilations"));
        Attributes attributes = Attributes.of("kernel_shape", kernel)
                .with("strides", strides)
                .with("pads", pads(x, kernel, dilations));
        // Left out where it says nothing: AveragePool has no such attribute before opset 19.
        return dilations.equals(List.of(1L, 1L)) ? attributes : attributes.with("dilations", dilations);
    }

    private List<Long> pads(Value x, List<Long> kernel, List<Long> dilations) {
        String padding = node.text("padding", "");
        return switch (padding) {
            case "VALID" -> List.of(0L, 0L, 0L, 0L);
            case "SAME" -> samePads(x, kernel, dilations);
            case "EXPLICIT" -> explicitPads();
            default -> throw new IllegalArgumentException("expected padding SAME, VALID or EXPLICIT, got " + padding);
        };
    }

    private List<Long> explicitPads() {
        List<Long> pairs = node.integers("explicit_paddings");
        int first = channelsFirst ? 4 : 2;
        return List.of(pairs.get(first), pairs.get(first + 2), pairs.get(first + 1), pairs.get(first + 3));
    }

    /** As much as gives ceil(size / stride) positions; an odd remainder goes to the bottom and to the right. */
    private List<Long> samePads(Value x, List<Long> kernel, List<Long> dilations) {
        List<Long> before = new ArrayList<>();
        List<Long> behind = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            long reach = (kernel.get(i) - 1) * dilations.get(i) + 1;
            long total = Math.max(0, reach - lastStride(x.shape().dim(i + 2), strides.get(i)));
            before.add(total / 2);
            behind.add(total - total / 2);
        }
        before.addAll(behind);
        return before;
    }

    /** How many elements the last position of the window has for itself. With stride 1 the size does not matter. */
    private static long lastStride(Dim size, long stride) {
        if (stride == 1) {
            return 1;
        }
        long known = size.size().orElseThrow(() -> new IllegalArgumentException(
                "expected a known height and width, on which SAME padding with strides depends"));
        return known % stride == 0 ? stride : known % stride;
    }
}
