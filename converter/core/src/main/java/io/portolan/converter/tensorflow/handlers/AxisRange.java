package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.List;

/**
 * A range of one axis, between bounds that may be known only at run time.
 *
 * @param axis the axis
 * @param start the first index, a vector of one integer
 * @param end the bound (excluded), a vector of one integer
 * @param step the distance between indices
 */
record AxisRange(long axis, Value start, Value end, long step) {
    /** Slices several axes; ranges that are known come first, so that their sizes stay known. */
    static Value slice(GraphBuilder b, Value x, List<AxisRange> ranges) {
        List<AxisRange> fixed = ranges.stream()
                .filter(AxisRange::isFixed)
                .filter(range -> !range.isWhole())
                .toList();
        Value part = b.slice(
                x,
                fixed.stream().map(AxisRange::axis).toList(),
                fixed.stream().map(AxisRange::known).toList());
        List<AxisRange> open = ranges.stream().filter(range -> !range.isFixed()).toList();
        return open.isEmpty()
                ? part
                : b.apply(
                        StandardOp.SLICE,
                        part,
                        b.concat(0, open.stream().map(AxisRange::start).toArray(Value[]::new)),
                        b.concat(0, open.stream().map(AxisRange::end).toArray(Value[]::new)),
                        b.longs(open.stream().map(AxisRange::axis).toList()),
                        b.longs(open.stream().map(AxisRange::step).toList()));
    }

    private boolean isFixed() {
        return start.isConstant() && end.isConstant();
    }

    private boolean isWhole() {
        return known().equals(new SliceRange(0, SliceRange.TO_END, 1));
    }

    private SliceRange known() {
        return new SliceRange(
                start.data().orElseThrow().longAt(0), end.data().orElseThrow().longAt(0), step);
    }
}
