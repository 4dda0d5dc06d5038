package io.portolan.converter.stablehlo.ops;

import static io.portolan.converter.stablehlo.OpLowering.exact;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.stablehlo.LoweredTensor;
import io.portolan.converter.stablehlo.OpContext;
import io.portolan.converter.stablehlo.OpLowering;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Padding at both ends, where negative sizes cut, and between elements. */
final class PadOps {
    private static final Set<OnnxType> NARROW = EnumSet.of(OnnxType.INT16, OnnxType.UINT16);

    static final List<OpLowering> OPS =
            List.of(exact("stablehlo.pad", "Pad, Slice; between elements Unsqueeze, Pad, Reshape")
                    .single(PadOps::pad));

    private PadOps() {}

    private static LoweredTensor pad(OpContext in) {
        TranslatedTensor x = in.operand(0).full(in.b());
        TranslatedTensor fill = in.operand(1).full(in.b());
        List<Long> low = in.op().integers("edge_padding_low");
        List<Long> high = in.op().integers("edge_padding_high");
        List<Long> interior = in.op().integers("interior_padding");
        if (x instanceof ComplexValue pair && fill instanceof ComplexValue value) {
            return in.result(new ComplexValue(
                    padded(in.b(), pair.re(), low, high, interior, value.re()),
                    padded(in.b(), pair.im(), low, high, interior, value.im())));
        }
        return in.result(new RealValue(padded(in.b(), in.real(0), low, high, interior, in.real(1))));
    }

    /** Pads between elements first, then at both ends; cuts last. */
    static Value padded(GraphBuilder b, Value x, List<Long> low, List<Long> high, List<Long> interior, Value fill) {
        if (NARROW.contains(x.element())) {
            return b.cast(
                    padded(b, b.cast(x, OnnxType.INT32), low, high, interior, b.cast(fill, OnnxType.INT32)),
                    x.element());
        }
        Value padded = x;
        for (int axis = 0; axis < x.rank(); axis++) {
            padded = interior.get(axis) == 0 ? padded : between(b, padded, axis, interior.get(axis), fill);
        }
        List<Long> pads = new ArrayList<>();
        low.forEach(size -> pads.add(Math.max(0, size)));
        high.forEach(size -> pads.add(Math.max(0, size)));
        return cut(b, b.pad(padded, pads, fill), low, high);
    }

    /** Inserts elements between those of an axis, as the tail of a new axis behind it. */
    private static Value between(GraphBuilder b, Value x, int axis, long count, Value fill) {
        long size = Shapes.known(x, axis);
        if (size < 2) {
            return x;
        }
        Value wider = b.unsqueeze(x, axis + 1L);
        List<Long> pads = new ArrayList<>(Collections.nCopies(2 * wider.rank(), 0L));
        pads.set(wider.rank() + axis + 1, count);
        wider = b.pad(wider, pads, fill);
        long[] sizes = new long[x.rank()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = x.shape().dim(i).size().orElse(-1);
        }
        sizes[axis] = size * (count + 1);
        Value joined = b.reshape(wider, sizes);
        return b.slice(joined, List.of((long) axis), List.of(new SliceRange(0, sizes[axis] - count, 1)));
    }

    private static Value cut(GraphBuilder b, Value x, List<Long> low, List<Long> high) {
        List<Long> axes = new ArrayList<>();
        List<SliceRange> ranges = new ArrayList<>();
        for (int axis = 0; axis < x.rank(); axis++) {
            long first = Math.max(0, -low.get(axis));
            long last = high.get(axis) < 0 ? high.get(axis) : SliceRange.TO_END;
            if (first > 0 || last < 0) {
                axes.add((long) axis);
                ranges.add(new SliceRange(first, last, 1));
            }
        }
        return b.slice(x, axes, ranges);
    }
}
