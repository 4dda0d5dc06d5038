package io.portolan.converter.stablehlo.ops;

import static io.portolan.converter.stablehlo.OpLowering.op;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.stablehlo.LoweredTensor;
import io.portolan.converter.stablehlo.OpContext;
import io.portolan.converter.stablehlo.OpLowering;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes of windows at indices; windows that do not fit are dropped. */
final class ScatterOps {
    private static final Map<String, String> REDUCTIONS =
            Map.of("add", "add", "multiply", "mul", "maximum", "max", "minimum", "min");

    static final List<OpLowering> OPS = List.of(op(
                    "stablehlo.scatter", "ScatterND; with Pad, Where and Slice if indices can be out of range")
            .except("functions other than add, subtract, multiply, maximum, minimum and replacement; several operands")
            .single(ScatterOps::scatter));

    private ScatterOps() {}

    private static LoweredTensor scatter(OpContext in) {
        Reducer reducer = new Reducer(in, in.op().region(0));
        if (in.operands().size() != 3) {
            throw new IllegalArgumentException("a scatter into several tensors at once is not supported");
        }
        String function = function(reducer);
        if (in.hasComplex() && !function.equals("none") && !function.equals("add")) {
            throw new IllegalArgumentException("of complex numbers, only sums and replacements are supported");
        }
        TranslatedTensor into = in.operand(0).full(in.b());
        TranslatedTensor updates = in.operand(2).full(in.b());
        List<Value> parts = new ArrayList<>();
        for (int i = 0; i < into.parts().size(); i++) {
            Value update = updates.parts().get(i);
            Value added = reducer.isDifference() ? Numbers.negate(in.b(), update) : update;
            parts.add(scattered(in, into.parts().get(i), added, function));
        }
        return in.result(into.of(parts));
    }

    /** ONNX's name of what combines an element with an update. A difference is a sum with the negative, to the last bit. */
    private static String function(Reducer reducer) {
        if (reducer.isReplacement()) {
            return "none";
        }
        return reducer.isDifference()
                ? "add"
                : reducer.single()
                        .flatMap(name -> Optional.ofNullable(REDUCTIONS.get(name)))
                        .orElseThrow(() -> new IllegalArgumentException("its function is not supported"));
    }

    /** ONNX Runtime has no such sums of float16, and no order of truth values: these are computed in wider types. */
    private static Value scattered(OpContext in, Value into, Value updates, String function) {
        if (function.equals("none")) {
            return new Scatter(in, into, updates, function).lower();
        }
        return switch (into.element()) {
            case BOOL -> scatteredIn(OnnxType.INT32, in, into, updates, isEither(function) ? "max" : "min");
            case FLOAT16 -> scatteredIn(OnnxType.FLOAT, in, into, updates, function);
            default -> new Scatter(in, into, updates, function).lower();
        };
    }

    /** Whether one of two truth values is enough. */
    private static boolean isEither(String function) {
        return function.equals("add") || function.equals("max");
    }

    private static Value scatteredIn(OnnxType wide, OpContext in, Value into, Value updates, String function) {
        GraphBuilder b = in.b();
        return b.cast(new Scatter(in, b.cast(into, wide), b.cast(updates, wide), function).lower(), into.element());
    }

    /** One scatter into a real tensor. */
    private static final class Scatter {
        private final OpContext in;
        private final GraphBuilder b;
        private final Value into;
        private final Value updates;
        private final String function;
        private final List<Long> inserted;
        private final List<Long> batching;
        private final List<Long> indexBatching;

        /** The axes that have a component in the index vectors; those whose windows are smaller are among them, at 0. */
        private final List<Long> indexed;

        private final List<Long> rest;

        /** The axes of the windows in the updates, by axis of the operand. */
        private final List<Long> windowAxes;

        Scatter(OpContext in, Value into, Value updates, String function) {
            this.in = in;
            this.b = in.b();
            this.into = into;
            this.updates = updates;
            this.function = function;
            this.inserted = in.op().integers("inserted_window_dims");
            this.batching = in.op().integers("input_batching_dims");
            this.indexBatching = in.op().integers("scatter_indices_batching_dims");
            this.windowAxes = AxisGroups.others(into.rank(), inserted, batching);
            List<Long> given = in.op().integers("scatter_dims_to_operand_dims");
            List<Long> all = new ArrayList<>(given);
            for (long axis : AxisGroups.others(into.rank(), given, batching)) {
                if (inserted.contains(axis) || !window(axis).sameAs(into.shape().dim((int) axis))) {
                    all.add(axis);
                }
            }
            this.indexed = List.copyOf(all);
            this.rest = AxisGroups.others(into.rank(), indexed, batching);
        }

        /** The size of the windows along an axis of the operand. */
        private Dim window(long axis) {
            int position = windowAxes.indexOf(axis);
            return position < 0
                    ? Dim.ONE
                    : updates.shape()
                            .dim(in.op()
                                    .integers("update_window_dims")
                                    .get(position)
                                    .intValue());
        }

        private long knownWindow(long axis) {
            return window(axis)
                    .size()
                    .orElseThrow(() -> new IllegalArgumentException("the size of a window is not known"));
        }

        Value lower() {
            List<Long> order = AxisGroups.joined(batching, indexed, rest);
            Value target = AxisGroups.transposed(b, into, order);
            Value vectors = allComponents(IndexVectors.of(in, 1));
            int outer = vectors.rank() - 1;
            List<Long> otherBatch = AxisGroups.others(outer, indexBatching);
            Value sorted = AxisGroups.transposed(
                    b, vectors, AxisGroups.joined(indexBatching, otherBatch, List.of((long) outer)));
            List<Long> windowed = indexed.stream()
                    .filter(axis -> !inserted.contains(axis))
                    .sorted()
                    .toList();
            Value largest = IndexVectors.largest(
                    b, into, indexed, indexed.stream().map(this::knownWindow).toList());
            boolean mayMiss = !IndexVectors.isInRange(sorted, largest);
            Value places = withWindow(sorted, windowed);
            Value sources = arrangedUpdates(otherBatch, windowed);
            if (mayMiss) {
                Value fits = withWindowAxes(fits(sorted, largest), windowed.size());
                places = b.where(fits, places, missed());
                target = b.pad(target, oneMore(target.rank()), b.constant(TensorData.scalar(target.element(), 0)));
            }
            places = withBatch(places, target);
            Attributes attributes = function.equals("none") ? Attributes.NONE : Attributes.of("reduction", function);
            Value y = b.apply(StandardOp.SCATTER_ND, attributes, target, places, sources);
            y = mayMiss ? b.slice(y, List.of((long) batching.size()), List.of(new SliceRange(0, -1, 1))) : y;
            return AxisGroups.transposed(b, y, AxisGroups.inverse(order));
        }

        /** Adds components 0 for axes whose windows are smaller than the axis but have no index. */
        private Value allComponents(Value vectors) {
            int given = in.op().integers("scatter_dims_to_operand_dims").size();
            List<Long> pads = new ArrayList<>(Collections.nCopies(2 * vectors.rank(), 0L));
            pads.set(2 * vectors.rank() - 1, (long) indexed.size() - given);
            return b.pad(vectors, pads, b.constant(TensorData.scalar(OnnxType.INT64, 0)));
        }

        private Value withWindow(Value indices, List<Long> windowed) {
            return IndexVectors.withWindow(
                    b,
                    indices,
                    windowed.stream().map(this::knownWindow).toList(),
                    windowed.stream().map(indexed::indexOf).toList());
        }

        /** Whether a window fits, for each index vector, with an axis of size 1 in place of the components. */
        private Value fits(Value indices, Value largest) {
            Value zero = b.constant(TensorData.scalar(OnnxType.INT64, 0));
            Value inside = b.apply(
                    StandardOp.AND,
                    b.apply(StandardOp.GREATER_OR_EQUAL, indices, zero),
                    b.apply(StandardOp.LESS_OR_EQUAL, indices, largest));
            if (indexed.size() == 1) {
                return inside;
            }
            Value all = b.reduce(StandardOp.REDUCE_MIN, b.cast(inside, OnnxType.INT32), true, indices.rank() - 1L);
            return b.cast(all, OnnxType.BOOL);
        }

        private Value withWindowAxes(Value fits, int count) {
            long[] axes = new long[count];
            for (int i = 0; i < count; i++) {
                axes[i] = fits.rank() - 1L + i;
            }
            return b.unsqueeze(fits, axes);
        }

        /** The place of what is dropped: behind the last along the first indexed axis. */
        private Value missed() {
            Value behind = Shapes.size(b, into, indexed.get(0).intValue());
            return indexed.size() == 1 ? behind : b.concat(0, behind, b.longs(new long[indexed.size() - 1]));
        }

        private List<Long> oneMore(int rank) {
            List<Long> pads = new ArrayList<>(Collections.nCopies(2 * rank, 0L));
            pads.set(rank + batching.size(), 1L);
            return pads;
        }

        /** The updates with the axes of the index vectors first, then those of the windows. */
        private Value arrangedUpdates(List<Long> otherBatch, List<Long> windowed) {
            List<Long> windowPositions = in.op().integers("update_window_dims");
            List<Long> scatterPositions = AxisGroups.others(updates.rank(), windowPositions);
            List<Long> order = new ArrayList<>();
            indexBatching.forEach(axis -> order.add(scatterPositions.get(axis.intValue())));
            otherBatch.forEach(axis -> order.add(scatterPositions.get(axis.intValue())));
            windowed.forEach(axis -> order.add(windowPositions.get(windowAxes.indexOf(axis))));
            rest.forEach(axis -> order.add(windowPositions.get(windowAxes.indexOf(axis))));
            return AxisGroups.transposed(b, updates, order);
        }

        /** Puts the indices of batch axes, which ScatterND does not know, before the other components. */
        private Value withBatch(Value places, Value target) {
            Value complete = places;
            for (int axis = batching.size() - 1; axis >= 0; axis--) {
                long size = Shapes.known(target, axis);
                long[] numbers = new long[(int) size];
                Arrays.setAll(numbers, i -> i);
                long[] along = new long[places.rank()];
                Arrays.fill(along, 1);
                along[axis] = size;
                Value index = b.constant(TensorData.ofLongs(OnnxType.INT64, numbers, along));
                Value shape = b.concat(0, Shapes.sizes(b, places, 0, places.rank() - 1), b.longs(1));
                complete = b.concat(places.rank() - 1, b.expand(index, shape), complete);
            }
            return complete;
        }
    }
}
