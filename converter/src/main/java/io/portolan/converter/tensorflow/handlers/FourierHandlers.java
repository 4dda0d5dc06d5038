package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.FourierOp;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.Value;
import io.portolan.converter.tensorflow.HandlerRegistry;
import io.portolan.converter.tensorflow.Imported.ComplexValue;
import io.portolan.converter.tensorflow.Imported.RealValue;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpHandler;
import java.util.ArrayList;
import java.util.List;

/** Fourier transforms of real signals. Input axes longer than {@code fft_length} are cut to it, as TensorFlow does. */
final class FourierHandlers {
    private FourierHandlers() {}

    /** Adds this family. */
    static void register(HandlerRegistry.Builder table) {
        table.add("RFFT", OpHandler.single(node -> forward(node, FourierOp.RFFT)))
                .add("RFFT2D", OpHandler.single(node -> forward(node, FourierOp.RFFT2D)))
                .add("IRFFT", OpHandler.single(node -> inverse(node, FourierOp.IRFFT)))
                .add("IRFFT2D", OpHandler.single(node -> inverse(node, FourierOp.IRFFT2D)));
    }

    private static ComplexValue forward(NodeContext node, FourierOp op) {
        Value x = cut(node, node.input(0), node.integers(1));
        List<Value> parts = node.builder().node(op, Attributes.NONE, x);
        return new ComplexValue(parts.get(0), parts.get(1));
    }

    private static RealValue inverse(NodeContext node, FourierOp op) {
        List<Long> sizes = new ArrayList<>(node.integers(1));
        int last = sizes.size() - 1;
        long width = sizes.get(last);
        sizes.set(last, FourierOp.columns(width));
        ComplexValue x = node.complex(0);
        return new RealValue(node.builder().apply(op, Attributes.of(FourierOp.WIDTH, width),
                cut(node, x.re(), sizes), cut(node, x.im(), sizes)));
    }

    /** Cuts the last axes to these sizes. */
    private static Value cut(NodeContext node, Value x, List<Long> sizes) {
        List<Long> axes = new ArrayList<>();
        List<SliceRange> ranges = new ArrayList<>();
        for (int i = 0; i < sizes.size(); i++) {
            int axis = x.shape().axis(i - sizes.size());
            long wanted = sizes.get(i);
            long actual = x.shape().dim(axis).size().orElse(-1);
            if (actual < wanted) {
                throw new IllegalArgumentException("expected %d points or more along axis %d for fft_length, got %s"
                        .formatted(wanted, axis, x));
            }
            if (actual > wanted) {
                axes.add((long) axis);
                ranges.add(new SliceRange(0, wanted, 1));
            }
        }
        return node.builder().slice(x, axes, ranges);
    }
}
