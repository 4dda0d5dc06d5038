package io.portolan.converter.stablehlo.ops;

import static io.portolan.converter.stablehlo.OpLowering.op;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.stablehlo.LoweredTensor;
import io.portolan.converter.stablehlo.OpContext;
import io.portolan.converter.stablehlo.OpLowering;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reductions over moving windows: pools and cumulative sums, and all others. */
final class WindowOps {
    private static final int MOST_SPATIAL = 3;

    /** The number of elements up to which a window is taken apart. */
    private static final long LARGEST = 1024;

    static final List<OpLowering> OPS = List.of(
            op("stablehlo.reduce_window", "MaxPool, AveragePool, CumSum; for other functions Slice and the function")
                    .except("windows of more than " + LARGEST + " elements, but for pools and cumulative operations")
                    .as(in -> reduceWindow(in, Window.of(in.op(), in.type(0).rank()))),
            op("stablehlo.select_and_scatter", "MaxPool, Equal, Where, Pad, Add")
                    .single(WindowOps::selectAndScatter));

    private WindowOps() {}

    private static List<LoweredTensor> reduceWindow(OpContext in, Window window) {
        return reduceWindow(in, window, new Reducer(in, in.op().region(0)));
    }

    /** Reduces the first operands, from the initial elements that follow. */
    static List<LoweredTensor> reduceWindow(OpContext in, Window window, Reducer reducer) {
        String function = reducer.single().orElse("");
        Value x = in.operand(0).full(in.b()).parts().get(0);
        for (boolean reverse : new boolean[] {false, true}) {
            if (window.isCumulative(x, reverse)) {
                return cumulative(in, reducer, window.axes().get(0).intValue(), reverse);
            }
        }
        Optional<Value> pooled = in.hasComplex() ? Optional.empty() : pool(in.b(), in.real(0), window, function);
        if (pooled.isPresent()) {
            Value initial = in.real(1);
            return List.of(in.result(withInitial(in.b(), function, pooled.get(), initial)));
        }
        return byOffsets(in, reducer, window);
    }

    /** A pool, if there is one for the function and the window. */
    private static Optional<Value> pool(GraphBuilder b, Value x, Window window, String function) {
        boolean isFloat = x.element() == OnnxType.FLOAT;
        boolean isMaximum = function.equals("maximum") || function.equals("minimum");
        boolean isSum = function.equals("add") && !window.isDilated();
        List<Long> spatial = window.axes();
        if (!isFloat
                || !isMaximum && !isSum
                || spatial.isEmpty()
                || spatial.size() > MOST_SPATIAL
                || !window.isPoolable()) {
            return Optional.empty();
        }
        List<Long> others = AxisGroups.others(x.rank(), spatial);
        List<Long> order = AxisGroups.joined(others, spatial);
        Value sorted = AxisGroups.transposed(b, x, order);
        boolean isMerged = others.size() != 2;
        List<List<Long>> groups = new ArrayList<>();
        groups.add(others);
        groups.add(List.of());
        spatial.forEach(axis -> groups.add(List.of(axis)));
        Value images = isMerged ? AxisGroups.merged(b, x, groups) : sorted;
        Value pooled = pool(b, images, window, spatial, function);
        if (isMerged) {
            List<Value> sizes = new ArrayList<>();
            others.forEach(axis -> sizes.add(Shapes.size(b, x, axis.intValue())));
            for (int axis = 2; axis < pooled.rank(); axis++) {
                sizes.add(Shapes.size(b, pooled, axis));
            }
            pooled = Shapes.reshape(b, pooled, sizes);
        }
        return Optional.of(AxisGroups.transposed(b, pooled, AxisGroups.inverse(order)));
    }

    private static Value pool(GraphBuilder b, Value images, Window window, List<Long> axes, String function) {
        Attributes attributes = Attributes.of("kernel_shape", picked(window.sizes(), axes))
                .with("strides", picked(window.strides(), axes));
        List<Long> pads = AxisGroups.joined(picked(window.low(), axes), picked(window.high(), axes));
        attributes = pads.stream().anyMatch(pad -> pad != 0) ? attributes.with("pads", pads) : attributes;
        attributes = window.isDilated() ? attributes.with("dilations", picked(window.dilations(), axes)) : attributes;
        return switch (function) {
            case "maximum" -> b.apply(StandardOp.MAX_POOL, attributes, images);
            case "minimum" -> b.neg(b.apply(StandardOp.MAX_POOL, attributes, b.neg(images)));
            default -> {
                Value mean = b.apply(StandardOp.AVERAGE_POOL, attributes.with("count_include_pad", 1), images);
                yield b.mul(mean, b.like(mean, window.count()));
            }
        };
    }

    private static List<Long> picked(List<Long> numbers, List<Long> axes) {
        return axes.stream().map(axis -> numbers.get(axis.intValue())).toList();
    }

    private static Value withInitial(GraphBuilder b, String function, Value x, Value initial) {
        double neutral = switch (function) {
            case "maximum" -> Double.NEGATIVE_INFINITY;
            case "minimum" -> Double.POSITIVE_INFINITY;
            default -> 0;
        };
        boolean isNeutral = initial.data()
                .filter(data -> data.size() == 1 && data.doubleAt(0) == neutral)
                .isPresent();
        if (isNeutral) {
            return x;
        }
        return switch (function) {
            case "maximum" -> Numbers.max(b, x, initial);
            case "minimum" -> Numbers.min(b, x, initial);
            default -> throw new IllegalArgumentException("a sum over windows that begins at another number than 0");
        };
    }

    /** CumSum, or the function of each element and those 1, 2, 4, ... before it. */
    private static List<LoweredTensor> cumulative(OpContext in, Reducer reducer, int axis, boolean reverse) {
        GraphBuilder b = in.b();
        boolean isSum = reducer.single().filter("add"::equals).isPresent();
        if (isSum && in.type(0).element() != io.portolan.programs.stablehlo.ElementType.I1) {
            List<Value> parts = in.operand(0).full(b).parts().stream()
                    .map(part -> cumulativeSum(b, part, axis, reverse))
                    .toList();
            return List.of(in.result(in.operand(0).compact().of(parts)));
        }
        List<LoweredTensor> tuple = new ArrayList<>();
        for (int i = 0; i < reducer.arity(); i++) {
            tuple.add(LoweredTensor.of(in.type(i), in.operand(i).full(b)));
        }
        long size = Shapes.known(tuple.get(0).compact().parts().get(0), axis);
        for (long distance = 1; distance < size; distance *= 2) {
            List<LoweredTensor> moved = new ArrayList<>();
            for (int i = 0; i < tuple.size(); i++) {
                moved.add(moved(b, tuple.get(i), in.operand(reducer.arity() + i), axis, distance, reverse));
            }
            tuple = reducer.apply(b, moved, tuple);
        }
        return tuple;
    }

    static Value cumulativeSum(GraphBuilder b, Value x, int axis, boolean reverse) {
        OnnxType type = x.element();
        OnnxType wide = type.isInteger() ? OnnxType.INT64 : type == OnnxType.FLOAT16 ? OnnxType.FLOAT : type;
        Attributes attributes = reverse ? Attributes.of("reverse", 1) : Attributes.NONE;
        Value along = b.constant(TensorData.ofLongs(OnnxType.INT64, new long[] {axis}));
        return b.cast(b.apply(StandardOp.CUM_SUM, attributes, b.cast(x, wide), along), type);
    }

    /** The elements at a distance before each, and the initial one where there are none. */
    private static LoweredTensor moved(
            GraphBuilder b, LoweredTensor x, LoweredTensor initial, int axis, long distance, boolean reverse) {
        List<Value> parts = new ArrayList<>();
        for (int i = 0; i < x.compact().parts().size(); i++) {
            Value part = x.compact().parts().get(i);
            List<Long> none = new ArrayList<>(Collections.nCopies(part.rank(), 0L));
            List<Long> low = new ArrayList<>(none);
            List<Long> high = new ArrayList<>(none);
            low.set(axis, reverse ? -distance : distance);
            high.set(axis, reverse ? distance : -distance);
            parts.add(PadOps.padded(
                    b, part, low, high, none, initial.full(b).parts().get(i)));
        }
        return x.withCompact(x.type(), parts);
    }

    /** Any function and any window: the elements at each place of the window, combined. */
    private static List<LoweredTensor> byOffsets(OpContext in, Reducer reducer, Window window) {
        if (window.count() > LARGEST) {
            throw new IllegalArgumentException(
                    "windows of " + window.count() + " elements are not supported for this function");
        }
        GraphBuilder b = in.b();
        List<Long> interior = window.baseDilations().stream().map(d -> d - 1).toList();
        List<LoweredTensor> padded = new ArrayList<>();
        List<LoweredTensor> initial = new ArrayList<>();
        for (int i = 0; i < reducer.arity(); i++) {
            LoweredTensor x = in.operand(i);
            LoweredTensor fill = in.operand(reducer.arity() + i);
            initial.add(fill);
            List<Value> parts = new ArrayList<>();
            for (int part = 0; part < x.compact().parts().size(); part++) {
                parts.add(PadOps.padded(
                        b,
                        x.full(b).parts().get(part),
                        window.low(),
                        window.high(),
                        interior,
                        fill.full(b).parts().get(part)));
            }
            padded.add(LoweredTensor.of(in.resultType(i), x.compact().of(parts)));
        }
        List<LoweredTensor> combined = null;
        for (long[] offset : offsets(window)) {
            List<LoweredTensor> elements = padded.stream()
                    .map(x -> x.withCompact(
                            x.type(),
                            x.compact().parts().stream()
                                    .map(part -> strided(b, part, window, offset))
                                    .toList()))
                    .toList();
            combined = combined == null
                    ? reducer.apply(b, spread(b, initial, elements), elements)
                    : reducer.apply(b, combined, elements);
        }
        return combined;
    }

    /** The initial elements with the types of the results; they broadcast. */
    private static List<LoweredTensor> spread(GraphBuilder b, List<LoweredTensor> initial, List<LoweredTensor> like) {
        return IntStream.range(0, initial.size())
                .mapToObj(i -> LoweredTensor.repeated(
                        like.get(i).type(), initial.get(i).full(b)))
                .toList();
    }

    private static List<long[]> offsets(Window window) {
        List<long[]> offsets = new ArrayList<>();
        long[] index = new long[window.rank()];
        for (long i = 0; i < window.count(); i++) {
            offsets.add(index.clone());
            for (int axis = index.length - 1; axis >= 0; axis--) {
                if (++index[axis] < window.sizes().get(axis)) {
                    break;
                }
                index[axis] = 0;
            }
        }
        return offsets;
    }

    /** The element at one place of the window, for all positions of the window. */
    private static Value strided(GraphBuilder b, Value padded, Window window, long[] offset) {
        List<Long> axes = new ArrayList<>();
        List<SliceRange> ranges = new ArrayList<>();
        for (int axis = 0; axis < window.rank(); axis++) {
            long start = offset[axis] * window.dilations().get(axis);
            long size = Shapes.known(padded, axis);
            long positions = (size - window.extent(axis)) / window.strides().get(axis) + 1;
            long end = start + (positions - 1) * window.strides().get(axis) + 1;
            if (start != 0 || end != size || window.strides().get(axis) != 1) {
                axes.add((long) axis);
                ranges.add(new SliceRange(start, end, window.strides().get(axis)));
            }
        }
        return b.slice(padded, axes, ranges);
    }

    /**
     * The gradient of a pool: each number of the source goes to the element of its window that the pool chose, which is the first of
     * equal ones.
     */
    private static LoweredTensor selectAndScatter(OpContext in) {
        GraphBuilder b = in.b();
        Reducer select = new Reducer(in, in.op().region(0));
        Reducer scatter = new Reducer(in, in.op().region(1));
        String order = in.op().region(0).operations().size() == 1
                ? in.op().region(0).operations().get(0).attributes().containsKey("comparison_direction")
                        ? in.op().region(0).operations().get(0).keyword("comparison_direction")
                        : ""
                : "";
        boolean isKnown = (order.equals("GE") || order.equals("GT") || order.equals("LE") || order.equals("LT"))
                && select.arity() == 1
                && scatter.single().filter("add"::equals).isPresent();
        if (!isKnown) {
            throw new IllegalArgumentException(
                    "only choices by comparison, and sums of what is scattered, are supported");
        }
        boolean isMaximum = order.startsWith("G");
        Window window = Window.of(in.op(), in.type(0).rank());
        List<Long> none = Collections.nCopies(window.rank(), 0L);
        Value fill = b.like(in.real(0), isMaximum ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
        Value padded = PadOps.padded(b, in.real(0), window.low(), window.high(), none, fill);
        List<long[]> offsets = offsets(window);
        List<Value> elements = offsets.stream()
                .map(offset -> strided(b, padded, window, offset))
                .toList();
        Value best = elements.stream()
                .reduce((x, y) -> isMaximum ? Numbers.max(b, x, y) : Numbers.min(b, x, y))
                .orElseThrow();
        Value taken = null;
        Value sum = null;
        for (int i = 0; i < elements.size(); i++) {
            Value isBest = b.apply(StandardOp.EQUAL, elements.get(i), best);
            Value chosen = taken == null ? isBest : Numbers.and(b, isBest, Numbers.not(b, taken));
            taken = taken == null ? isBest : Numbers.or(b, taken, isBest);
            Value part = b.where(chosen, in.real(1), b.like(best, 0));
            Value placed = placed(b, part, window, padded, offsets.get(i));
            sum = sum == null ? placed : b.add(sum, placed);
        }
        return in.result(b.add(sum, in.real(2)));
    }

    /** The numbers of one place of the window, at the elements that they belong to. */
    private static Value placed(GraphBuilder b, Value part, Window window, Value padded, long[] offset) {
        List<Long> low = new ArrayList<>();
        List<Long> high = new ArrayList<>();
        List<Long> interior = new ArrayList<>();
        for (int axis = 0; axis < window.rank(); axis++) {
            long stride = window.strides().get(axis);
            long covered = (Shapes.known(part, axis) - 1) * stride + 1;
            long behind = Shapes.known(padded, axis) - offset[axis] - covered;
            interior.add(stride - 1);
            low.add(offset[axis] - window.low().get(axis));
            high.add(behind - window.high().get(axis));
        }
        return PadOps.padded(b, part, low, high, interior, b.like(part, 0));
    }
}
