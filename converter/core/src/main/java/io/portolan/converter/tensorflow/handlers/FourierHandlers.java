package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.COMPLEX;
import static io.portolan.converter.tensorflow.ElementTypes.FLOATS;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.FourierOp;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
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
    private static final String LIMITS = "fft_length up to the size of the axis";

    static final List<OpDefinition> OPS =
            Arrays.stream(FourierOp.values()).map(FourierHandlers::definition).toList();

    private FourierHandlers() {}

    private static OpDefinition definition(FourierOp transform) {
        String name = transform.opName();
        return switch (transform.kind()) {
            case COMPLEX -> op(name, COMPLEX).typedBy("Tcomplex").single(node -> complex(node, transform));
            case FROM_REAL ->
                op(name, FLOATS).typedBy("Treal").limitedTo(LIMITS).single(node -> fromReal(node, transform));
            case TO_REAL -> op(name, FLOATS).typedBy("Treal").limitedTo(LIMITS).real(node -> toReal(node, transform));
        };
    }

    private static ComplexValue complex(NodeContext node, FourierOp transform) {
        ComplexValue x = node.complex(0);
        return pair(node.builder().node(transform, Attributes.NONE, x.re(), x.im()));
    }

    private static ComplexValue fromReal(NodeContext node, FourierOp transform) {
        GraphBuilder b = node.builder();
        Value sizes = b.cast(node.input(1), OnnxType.INT64);
        return pair(b.node(transform, Attributes.NONE, cut(b, node.input(0), sizes)));
    }

    private static ComplexValue pair(List<Value> parts) {
        return new ComplexValue(parts.get(0), parts.get(1));
    }

    private static Value toReal(NodeContext node, FourierOp transform) {
        GraphBuilder b = node.builder();
        return toReal(b, transform, node.complex(0), b.cast(node.input(1), OnnxType.INT64));
    }

    /**
     * The real points of half a spectrum.
     *
     * @param sizes the numbers of points along the last axes
     */
    static Value toReal(GraphBuilder b, FourierOp transform, ComplexValue x, Value sizes) {
        long last = Shapes.known(sizes, 0) - 1;
        Value width = FillHandlers.element(b, sizes, last);
        Value columns = b.add(b.div(width, b.longs(2)), b.longs(1));
        Value kept = b.concat(0, b.slice(sizes, List.of(0L), List.of(new SliceRange(0, last, 1))), columns);
        Value re = cut(b, x.re(), kept);
        Value im = cut(b, x.im(), kept);
        return width.isConstant()
                ? b.apply(
                        transform,
                        Attributes.of(
                                FourierOp.WIDTH, width.data().orElseThrow().longAt(0)),
                        re,
                        im)
                : b.apply(transform, Attributes.NONE, re, im, width);
    }

    /** Truncates the last axes to these sizes. TensorFlow's op does not accept fewer points; its signal library pads before. */
    static Value cut(GraphBuilder b, Value x, Value sizes) {
        List<AxisRange> ranges = new ArrayList<>();
        long count = Shapes.known(sizes, 0);
        for (long i = 0; i < count; i++) {
            int axis = x.shape().axis(i - count);
            Value wanted = FillHandlers.element(b, sizes, i);
            Dim actual = x.shape().dim(axis);
            Dim size = wanted.contents().map(only -> only.get(0)).orElse(Dim.UNKNOWN);
            if (size.isKnown() && actual.isKnown() && actual.coefficient() < size.coefficient()) {
                throw new IllegalArgumentException(
                        "expected %s points or more along axis %d for fft_length, got %s".formatted(size, axis, x));
            }
            if (!size.sameAs(actual)) {
                ranges.add(new AxisRange(axis, b.longs(0), wanted, 1));
            }
        }
        return AxisRange.slice(b, x, ranges);
    }
}
