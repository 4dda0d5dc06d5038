package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.lowering.Shapes.array;
import static io.portolan.converter.tensorflow.ElementTypes.ALL;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.ArrayList;
import java.util.List;

/** Ops that slice tensors. */
final class SlicingHandlers {
    static final List<OpDefinition> OPS = List.of(
            op("Slice", ALL).partwise(SlicingHandlers::slice),
            op("StridedSlice", ALL)
                    .reads("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask")
                    .limitedTo("constant strides")
                    .partwise(node -> stridedSlice(node, node.input(0), 1)),
            op("ReverseV2", ALL).partwise(SlicingHandlers::reverse));

    private SlicingHandlers() {}

    /** A size of -1 means up to the end of the axis. */
    private static Value slice(NodeContext node) {
        GraphBuilder b = node.builder();
        Value begin = b.cast(node.input(1), OnnxType.INT64);
        Value size = b.cast(node.input(2), OnnxType.INT64);
        List<AxisRange> ranges = new ArrayList<>();
        for (int axis = 0; axis < node.input(0).rank(); axis++) {
            Value start = FillHandlers.element(b, begin, axis);
            ranges.add(new AxisRange(axis, start, end(b, start, FillHandlers.element(b, size, axis)), 1));
        }
        return AxisRange.slice(b, node.input(0), ranges);
    }

    private static Value end(GraphBuilder b, Value start, Value size) {
        if (size.isConstant()) {
            return size.data().orElseThrow().longAt(0) == -1 ? b.longs(SliceRange.TO_END) : b.add(start, size);
        }
        Value isRest = b.apply(StandardOp.LESS, size, b.like(size, 0));
        return b.where(isRest, b.longs(SliceRange.TO_END), b.add(start, size));
    }

    private static Value reverse(NodeContext node) {
        List<Long> axes = node.integers(1);
        return node.builder()
                .slice(
                        node.input(0),
                        axes,
                        axes.stream()
                                .map(axis -> new SliceRange(-1, SliceRange.TO_START, -1))
                                .toList());
    }

    /**
     * Python's indexing: every entry of the bounds is a range, an index, a new axis, or an ellipsis.
     *
     * @param x what is sliced
     * @param first the input that holds the begins, which is followed by the ends and the strides
     */
    static Value stridedSlice(NodeContext node, Value x, int first) {
        GraphBuilder b = node.builder();
        Value begin = b.cast(node.input(first), OnnxType.INT64);
        Value end = b.cast(node.input(first + 1), OnnxType.INT64);
        long[] strides = node.constant(first + 2).longs();
        Mask beginMask = Mask.of(node, "begin_mask");
        Mask endMask = Mask.of(node, "end_mask");
        Mask ellipsis = Mask.of(node, "ellipsis_mask");
        Mask newAxis = Mask.of(node, "new_axis_mask");
        Mask shrink = Mask.of(node, "shrink_axis_mask");

        List<AxisRange> ranges = new ArrayList<>();
        List<Long> inserted = new ArrayList<>();
        List<Long> removed = new ArrayList<>();
        long axis = 0;
        long position = 0;
        for (int entry = 0; entry < strides.length; entry++) {
            if (ellipsis.has(entry)) {
                long covered = x.rank() - ellipsis.entriesThatConsumeAnAxis(strides.length, newAxis);
                axis += covered;
                position += covered;
            } else if (newAxis.has(entry)) {
                inserted.add(position++);
            } else if (shrink.has(entry)) {
                Value index = FillHandlers.element(b, begin, entry);
                ranges.add(new AxisRange(axis, index, behind(b, index), 1));
                removed.add(axis++);
            } else {
                boolean forward = strides[entry] > 0;
                ranges.add(new AxisRange(
                        axis++,
                        beginMask.has(entry) ? b.longs(forward ? 0 : -1) : FillHandlers.element(b, begin, entry),
                        endMask.has(entry)
                                ? b.longs(forward ? SliceRange.TO_END : SliceRange.TO_START)
                                : FillHandlers.element(b, end, entry),
                        strides[entry]));
                position++;
            }
        }
        return b.unsqueeze(b.squeeze(AxisRange.slice(b, x, ranges), array(removed)), array(inserted));
    }

    /** The following index; for the last index, -1, the end of the axis. */
    private static Value behind(GraphBuilder b, Value index) {
        if (index.isConstant()) {
            long number = index.data().orElseThrow().longAt(0);
            return b.longs(number == -1 ? SliceRange.TO_END : number + 1);
        }
        return b.where(
                b.apply(StandardOp.EQUAL, index, b.like(index, -1)),
                b.longs(SliceRange.TO_END),
                b.add(index, b.longs(1)));
    }

    /** A bit mask with one bit for each entry of the bounds. */
    private record Mask(long bits) {
        static Mask of(NodeContext node, String attribute) {
            return new Mask(node.integer(attribute, 0));
        }

        boolean has(int entry) {
            return (bits >> entry & 1) != 0;
        }

        /** For an ellipsis mask: the number of other entries that stand for one axis of the input. */
        long entriesThatConsumeAnAxis(int entries, Mask newAxis) {
            long count = 0;
            for (int entry = 0; entry < entries; entry++) {
                count += has(entry) || newAxis.has(entry) ? 0 : 1;
            }
            return count;
        }
    }
}
