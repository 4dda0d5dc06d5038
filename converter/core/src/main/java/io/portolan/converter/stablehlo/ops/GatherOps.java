package io.portolan.converter.stablehlo.ops;

import static io.portolan.converter.stablehlo.OpLowering.exact;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.stablehlo.OpContext;
import io.portolan.converter.stablehlo.OpLowering;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Reads of windows at indices, which are moved so that the windows fit. */
final class GatherOps {
    static final List<OpLowering> OPS = List.of(
            exact("stablehlo.gather", "Gather, GatherND; with Slice, Transpose, Max, Min as needed")
                    .partwise((in, x) -> new Gather(in, x, sizes(in.op().integers("slice_sizes"))).lower()),
            exact("stablehlo.dynamic_gather", "Gather, GatherND")
                    .except("windows of an open size that is not that of the axis")
                    .partwise(GatherOps::dynamicGather),
            exact("stablehlo.torch_index_select", "Gather").except("batch axes").partwise(GatherOps::select));

    private GatherOps() {}

    private static List<Dim> sizes(List<Long> sizes) {
        return sizes.stream().map(Dim::of).toList();
    }

    private static List<Dim> openSizes(OpContext in) {
        return in.sizes(2)
                .contents()
                .orElseThrow(() -> new IllegalArgumentException("the sizes of the windows are not known"));
    }

    private static Value dynamicGather(OpContext in, Value x) {
        List<Dim> sizes = openSizes(in);
        boolean isOneWindow = in.type(1).rank() == 1 && in.op().integer("index_vector_dim", 0) == 0;
        boolean isOpen = sizes.stream().anyMatch(Dim::isUnknown);
        return isOneWindow && isOpen ? oneWindow(in, x) : new Gather(in, x, sizes).lower();
    }

    /** One window of any size: a slice. */
    private static Value oneWindow(OpContext in, Value x) {
        GraphBuilder b = in.b();
        List<Long> indexed = in.op().integers("start_index_map");
        Value sizes = in.sizes(2);
        List<Value> starts = new ArrayList<>();
        for (long axis = 0; axis < x.rank(); axis++) {
            int component = indexed.indexOf(axis);
            starts.add(
                    component < 0
                            ? b.longs(0)
                            : b.slice(in.sizes(1), List.of(0L), List.of(new SliceRange(component, component + 1L, 1))));
        }
        Value largest = b.sub(b.shapeOf(x), sizes);
        Value first = IndexVectors.clamped(b, b.concat(0, starts.toArray(Value[]::new)), largest);
        Value axes = b.longs(LongStream.range(0, x.rank()).toArray());
        Value steps = b.longs(LongStream.generate(() -> 1).limit(x.rank()).toArray());
        Value window = b.apply(StandardOp.SLICE, x, first, b.add(first, sizes), axes, steps);
        return b.squeeze(window, Shapes.array(in.op().integers("collapsed_slice_dims")));
    }

    private static Value select(OpContext in, Value x) {
        if (in.op().integer("batch_dims") != 0) {
            throw new IllegalArgumentException("batch axes are not supported");
        }
        return in.b().apply(StandardOp.GATHER, Attributes.of("axis", in.op().integer("dim")), x, in.real(1));
    }

    /** One gather from a real tensor. */
    private static final class Gather {
        private final OpContext in;
        private final GraphBuilder b;
        private final Value x;
        private final List<Dim> sizes;
        private final List<Long> indexed;
        private final List<Long> collapsed;
        private final List<Long> batching;
        private final List<Long> indexBatching;
        private final List<Long> rest;

        Gather(OpContext in, Value x, List<Dim> sizes) {
            this.in = in;
            this.b = in.b();
            this.x = x;
            this.sizes = sizes;
            this.indexed = in.op().integers("start_index_map");
            this.collapsed = in.op().integers("collapsed_slice_dims");
            this.batching = in.op().integers("operand_batching_dims");
            this.indexBatching = in.op().integers("start_indices_batching_dims");
            this.rest = AxisGroups.others(x.rank(), indexed, batching);
        }

        Value lower() {
            Value source = wholeRest();
            Value vectors = IndexVectors.of(in, 1);
            List<Long> windows = indexed.stream().map(this::window).toList();
            Value indices = IndexVectors.clamped(b, vectors, IndexVectors.largest(b, x, indexed, windows));
            boolean isPlain = indexed.size() == 1 && batching.isEmpty() && collapsed.equals(indexed);
            return isPlain ? alongOneAxis(source, indices) : general(source, indices);
        }

        private long window(long axis) {
            return sizes.get((int) axis)
                    .size()
                    .orElseThrow(() -> new IllegalArgumentException("the size of a window is not known"));
        }

        /** The tensor without what the windows leave out along axes that have no index: these windows begin at 0. */
        private Value wholeRest() {
            List<Long> axes = new ArrayList<>();
            List<SliceRange> ranges = new ArrayList<>();
            for (long axis : rest) {
                Dim size = sizes.get((int) axis);
                if (!size.sameAs(x.shape().dim((int) axis))) {
                    axes.add(axis);
                    ranges.add(new SliceRange(0, window(axis), 1));
                }
            }
            return b.slice(x, axes, ranges);
        }

        private Value alongOneAxis(Value source, Value indices) {
            int axis = indexed.get(0).intValue();
            Value single = b.squeeze(indices, indices.rank() - 1L);
            Value y = b.apply(StandardOp.GATHER, Attributes.of("axis", axis), source, single);
            List<Label> labels = new ArrayList<>();
            rest.stream().filter(each -> each < axis).forEach(each -> labels.add(new Label(true, each)));
            IntStream.range(0, single.rank()).forEach(i -> labels.add(new Label(false, i)));
            rest.stream().filter(each -> each > axis).forEach(each -> labels.add(new Label(true, each)));
            return arranged(y, labels);
        }

        private Value general(Value source, Value indices) {
            int outer = indices.rank() - 1;
            List<Long> otherBatch = AxisGroups.others(outer, indexBatching);
            Value sorted = AxisGroups.transposed(
                    b, indices, AxisGroups.joined(indexBatching, otherBatch, List.of((long) outer)));
            List<Long> windowed = indexed.stream()
                    .filter(axis -> !collapsed.contains(axis))
                    .sorted()
                    .toList();
            Value places = IndexVectors.withWindow(
                    b,
                    sorted,
                    windowed.stream().map(this::window).toList(),
                    windowed.stream().map(indexed::indexOf).toList());
            Value from = AxisGroups.transposed(b, source, AxisGroups.joined(batching, indexed, rest));
            Value y = b.apply(StandardOp.GATHER_ND, Attributes.of("batch_dims", batching.size()), from, places);
            List<Label> labels = new ArrayList<>();
            indexBatching.forEach(axis -> labels.add(new Label(false, axis)));
            otherBatch.forEach(axis -> labels.add(new Label(false, axis)));
            windowed.forEach(axis -> labels.add(new Label(true, axis)));
            rest.forEach(axis -> labels.add(new Label(true, axis)));
            return arranged(y, squeezed(labels), labels);
        }

        /** Axes of size 1 that the result does not have: collapsed ones without an index. */
        private List<Long> squeezed(List<Label> labels) {
            return IntStream.range(0, labels.size())
                    .filter(i -> labels.get(i).isOffset()
                            && collapsed.contains(labels.get(i).axis()))
                    .mapToObj(i -> (long) i)
                    .toList();
        }

        private Value arranged(Value y, List<Long> gone, List<Label> labels) {
            List<Label> left = IntStream.range(0, labels.size())
                    .filter(i -> !gone.contains((long) i))
                    .mapToObj(labels::get)
                    .toList();
            return arranged(b.squeeze(y, Shapes.array(gone)), left);
        }

        /** The axes in the order of the result: offset axes at their places, batch axes at the others. */
        private Value arranged(Value y, List<Label> labels) {
            List<Long> offsets = in.op().integers("offset_dims");
            List<Label> offsetLabels = labels.stream()
                    .filter(Label::isOffset)
                    .sorted((one, other) -> Long.compare(one.axis(), other.axis()))
                    .toList();
            List<Label> batchLabels = labels.stream()
                    .filter(label -> !label.isOffset())
                    .sorted((one, other) -> Long.compare(one.axis(), other.axis()))
                    .toList();
            if (offsets.size() != offsetLabels.size()) {
                throw new IllegalArgumentException("the axes of the windows do not fit the result");
            }
            List<Long> order = new ArrayList<>();
            int batch = 0;
            for (long axis = 0; axis < labels.size(); axis++) {
                int offset = offsets.indexOf(axis);
                order.add((long) labels.indexOf(offset >= 0 ? offsetLabels.get(offset) : batchLabels.get(batch++)));
            }
            return AxisGroups.transposed(b, y, order);
        }
    }

    /** Where an axis comes from: from the operand, or from the indices. */
    private record Label(boolean isOffset, long axis) {}
}
