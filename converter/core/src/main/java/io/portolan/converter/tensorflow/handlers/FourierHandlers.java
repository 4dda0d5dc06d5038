package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.COMPLEX;
import static io.portolan.converter.tensorflow.ElementTypes.FLOATS;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.FourierOp;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Fourier transforms. Axes longer than {@code fft_length} are truncated to it, as in TensorFlow. */
final class FourierHandlers {
    private static final String SIZES = "known sizes along the axes of the transform";
    private static final String LENGTH = ", not below fft_length";

    static final List<OpDefinition> OPS =
            Arrays.stream(FourierOp.values()).map(FourierHandlers::definition).toList();

    private FourierHandlers() {}

    private static OpDefinition definition(FourierOp transform) {
        String name = transform.opName();
        return switch (transform.kind()) {
            case COMPLEX ->
                op(name, COMPLEX).typedBy("Tcomplex").limitedTo(SIZES).single(node -> complex(node, transform));
            case FROM_REAL ->
                op(name, FLOATS).typedBy("Treal").limitedTo(SIZES + LENGTH).single(node -> fromReal(node, transform));
            case TO_REAL ->
                op(name, FLOATS).typedBy("Treal").limitedTo(SIZES + LENGTH).real(node -> toReal(node, transform));
        };
    }

    private static ComplexValue complex(NodeContext node, FourierOp transform) {
        ComplexValue x = node.complex(0);
        return pair(node.builder().node(transform, Attributes.NONE, x.re(), x.im()));
    }

    private static ComplexValue fromReal(NodeContext node, FourierOp transform) {
        return pair(
                node.builder().node(transform, Attributes.NONE, cut(node.builder(), node.input(0), node.integers(1))));
    }

    private static ComplexValue pair(List<Value> parts) {
        return new ComplexValue(parts.get(0), parts.get(1));
    }

    private static Value toReal(NodeContext node, FourierOp transform) {
        GraphBuilder b = node.builder();
        List<Long> sizes = new ArrayList<>(node.integers(1));
        int last = sizes.size() - 1;
        long width = sizes.get(last);
        sizes.set(last, FourierOp.columns(width));
        ComplexValue x = node.complex(0);
        return b.apply(transform, Attributes.of(FourierOp.WIDTH, width), cut(b, x.re(), sizes), cut(b, x.im(), sizes));
    }

    /** Truncates the last axes to these sizes. TensorFlow's op does not accept fewer points; its signal library pads before. */
    private static Value cut(GraphBuilder b, Value x, List<Long> sizes) {
        List<Long> axes = new ArrayList<>();
        List<SliceRange> ranges = new ArrayList<>();
        for (int i = 0; i < sizes.size(); i++) {
            int axis = x.shape().axis(i - sizes.size());
            long wanted = sizes.get(i);
            long actual = Shapes.known(x, axis);
            if (actual < wanted) {
                throw new IllegalArgumentException(
                        "expected %d points or more along axis %d for fft_length, got %s".formatted(wanted, axis, x));
            }
            if (actual > wanted) {
                axes.add((long) axis);
                ranges.add(new SliceRange(0, wanted, 1));
            }
        }
        return b.slice(x, axes, ranges);
    }
}
