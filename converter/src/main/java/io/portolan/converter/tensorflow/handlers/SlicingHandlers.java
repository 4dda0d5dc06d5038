package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.Value;
import io.portolan.converter.tensorflow.HandlerRegistry;
import io.portolan.converter.tensorflow.NodeContext;
import java.util.ArrayList;
import java.util.List;

/** Ops that take a part of a tensor with bounds known before the graph runs. */
final class SlicingHandlers {
    private SlicingHandlers() {}

    /** Adds this family. */
    static void register(HandlerRegistry.Builder table) {
        table.partwise("Slice", SlicingHandlers::slice)
                .partwise("StridedSlice", SlicingHandlers::stridedSlice)
                .partwise("ReverseV2", SlicingHandlers::reverse);
    }

    private static Value slice(NodeContext node) {
        long[] begin = node.constant(1).longs();
        long[] size = node.constant(2).longs();
        List<Long> axes = new ArrayList<>();
        List<SliceRange> ranges = new ArrayList<>();
        for (int axis = 0; axis < begin.length; axis++) {
            if (begin[axis] != 0 || size[axis] != -1) {
                axes.add((long) axis);
                long end = size[axis] == -1 ? SliceRange.TO_END : begin[axis] + size[axis];
                ranges.add(new SliceRange(begin[axis], end, 1));
            }
        }
        return node.builder().slice(node.input(0), axes, ranges);
    }

    private static Value reverse(NodeContext node) {
        List<Long> axes = node.integers(1);
        return node.builder().slice(node.input(0), axes,
                axes.stream().map(axis -> new SliceRange(-1, SliceRange.TO_START, -1)).toList());
    }

    /** Python's indexing: every entry of the bounds is a range, one index, a new axis, or an ellipsis. */
    private static Value stridedSlice(NodeContext node) {
        Value x = node.input(0);
        long[] begin = node.constant(1).longs();
        long[] end = node.constant(2).longs();
        long[] strides = node.constant(3).longs();
        Mask beginMask = Mask.of(node, "begin_mask");
        Mask endMask = Mask.of(node, "end_mask");
        Mask ellipsis = Mask.of(node, "ellipsis_mask");
        Mask newAxis = Mask.of(node, "new_axis_mask");
        Mask shrink = Mask.of(node, "shrink_axis_mask");

        List<Long> axes = new ArrayList<>();
        List<SliceRange> ranges = new ArrayList<>();
        List<Long> inserted = new ArrayList<>();
        List<Long> removed = new ArrayList<>();
        long axis = 0;
        long position = 0;
        for (int entry = 0; entry < begin.length; entry++) {
            if (ellipsis.has(entry)) {
                long covered = x.rank() - ellipsis.entriesThatConsumeAnAxis(begin.length, newAxis);
                axis += covered;
                position += covered;
            } else if (newAxis.has(entry)) {
                inserted.add(position++);
            } else {
                SliceRange range = shrink.has(entry) ? single(begin[entry])
                        : range(begin[entry], end[entry], strides[entry], beginMask.has(entry), endMask.has(entry));
                if (!range.equals(new SliceRange(0, SliceRange.TO_END, 1))) {
                    axes.add(axis);
                    ranges.add(range);
                }
                if (shrink.has(entry)) {
                    removed.add(axis);
                } else {
                    position++;
                }
                axis++;
            }
        }
        Value part = node.builder().slice(x, axes, ranges);
        return node.builder().unsqueeze(node.builder().squeeze(part, array(removed)), array(inserted));
    }

    private static SliceRange single(long index) {
        return new SliceRange(index, index == -1 ? SliceRange.TO_END : index + 1, 1);
    }

    private static SliceRange range(long begin, long end, long stride, boolean openBegin, boolean openEnd) {
        long first = !openBegin ? begin : stride > 0 ? 0 : -1;
        long last = !openEnd ? end : stride > 0 ? SliceRange.TO_END : SliceRange.TO_START;
        return new SliceRange(first, last, stride);
    }

    private static long[] array(List<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    /** One bit for each entry of the bounds. */
    private record Mask(long bits) {
        static Mask of(NodeContext node, String attribute) {
            return new Mask(node.integer(attribute, 0));
        }

        boolean has(int entry) {
            return (bits >> entry & 1) != 0;
        }

        /** Of an ellipsis mask: how many entries beside the ellipsis stand for one axis of the input. */
        long entriesThatConsumeAnAxis(int entries, Mask newAxis) {
            long count = 0;
            for (int entry = 0; entry < entries; entry++) {
                count += has(entry) || newAxis.has(entry) ? 0 : 1;
            }
            return count;
        }
    }
}
