package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.COMPLEX;
import static io.portolan.converter.tensorflow.ElementTypes.FLOATS;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.FourierOp;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/** Fourier transforms along any axes, one axis after the other; that of real numbers is the last axis of the list. */
final class FourierAxesHandlers {
    private static final String LIMITS = "constant axes; fft_length up to the size of the axis";

    static final List<OpDefinition> OPS = List.of(
            op("FFTND", COMPLEX)
                    .typedBy("Tcomplex")
                    .limitedTo(LIMITS)
                    .single(node -> transformed(node, node.complex(0), axes(node), FourierOp.FFT)),
            op("IFFTND", COMPLEX)
                    .typedBy("Tcomplex")
                    .limitedTo(LIMITS)
                    .single(node -> transformed(node, node.complex(0), axes(node), FourierOp.IFFT)),
            op("RFFTND", FLOATS).typedBy("Treal").limitedTo(LIMITS).single(FourierAxesHandlers::fromReal),
            op("IRFFTND", FLOATS).typedBy("Treal").limitedTo(LIMITS).real(FourierAxesHandlers::toReal));

    private FourierAxesHandlers() {}

    /** An axis and the number of points along it, a vector of one. */
    private record Axis(int index, Value points) {}

    private static List<Axis> axes(NodeContext node) {
        GraphBuilder b = node.builder();
        int rank = node.imported(0).parts().get(0).rank();
        Value points = b.cast(node.input(1), OnnxType.INT64);
        List<Long> indices = node.integers(2);
        List<Axis> axes = new ArrayList<>();
        for (int i = 0; i < indices.size(); i++) {
            long index = indices.get(i);
            axes.add(new Axis((int) (index < 0 ? index + rank : index), FillHandlers.element(b, points, i)));
        }
        return axes;
    }

    private static ComplexValue transformed(NodeContext node, ComplexValue x, List<Axis> axes, FourierOp transform) {
        GraphBuilder b = node.builder();
        ComplexValue transformed = x;
        for (Axis axis : axes) {
            Value re = points(b, transformed.re(), axis);
            Value im = points(b, transformed.im(), axis);
            transformed = restored(b, b.node(transform, Attributes.NONE, re, im), axis);
        }
        return transformed;
    }

    private static ComplexValue fromReal(NodeContext node) {
        GraphBuilder b = node.builder();
        List<Axis> axes = axes(node);
        Axis last = axes.get(axes.size() - 1);
        List<Value> half = b.node(FourierOp.RFFT, Attributes.NONE, points(b, node.input(0), last));
        return transformed(node, restored(b, half, last), axes.subList(0, axes.size() - 1), FourierOp.FFT);
    }

    private static Value toReal(NodeContext node) {
        GraphBuilder b = node.builder();
        List<Axis> axes = axes(node);
        Axis last = axes.get(axes.size() - 1);
        ComplexValue half = transformed(node, node.complex(0), axes.subList(0, axes.size() - 1), FourierOp.IFFT);
        Value real = FourierHandlers.toReal(b, FourierOp.IRFFT, restored(b, half.parts(), last), last.points());
        return exchanged(b, real, last);
    }

    /** The first points along an axis, which becomes the last one. */
    private static Value points(GraphBuilder b, Value x, Axis axis) {
        return FourierHandlers.cut(b, exchanged(b, x, axis), axis.points());
    }

    private static ComplexValue restored(GraphBuilder b, List<Value> parts, Axis axis) {
        return new ComplexValue(exchanged(b, parts.get(0), axis), exchanged(b, parts.get(1), axis));
    }

    private static Value exchanged(GraphBuilder b, Value x, Axis axis) {
        List<Long> order = new ArrayList<>(LongStream.range(0, x.rank()).boxed().toList());
        Collections.swap(order, axis.index(), x.rank() - 1);
        return b.transpose(x, order.stream().mapToLong(Long::longValue).toArray());
    }
}
