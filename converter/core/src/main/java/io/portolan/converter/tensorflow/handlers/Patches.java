package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The patches that a window sees at each of its positions, gathered axis by axis. Tensors are (batch, spatial..., channels) of any element
 * type and any size.
 *
 * @param sizes of the window, along the spatial axes
 * @param strides between positions
 * @param rates the distances between elements of the window
 * @param isSame whether the tensor is padded such that there is a position for every stride
 */
record Patches(List<Long> sizes, List<Long> strides, List<Long> rates, boolean isSame) {
    /** A window from attributes that list all axes. */
    static Patches of(List<Long> sizes, List<Long> strides, List<Long> rates, String padding) {
        if (!padding.equals("SAME") && !padding.equals("VALID")) {
            throw new IllegalArgumentException("expected padding SAME or VALID, got " + padding);
        }
        return new Patches(spatial(sizes), spatial(strides), spatial(rates), padding.equals("SAME"));
    }

    private static List<Long> spatial(List<Long> all) {
        return all.subList(1, all.size() - 1);
    }

    /**
     * The patches (batch, positions..., window..., channels).
     *
     * @param fill what the padding holds
     */
    Value of(GraphBuilder b, Value x, double fill) {
        int axes = sizes.size();
        List<Value> counts = new ArrayList<>();
        List<Value> before = new ArrayList<>(List.of(b.longs(0)));
        List<Value> behind = new ArrayList<>(List.of(b.longs(0)));
        for (int i = 0; i < axes; i++) {
            Value size = Shapes.size(b, x, i + 1);
            Value count = count(b, size, i);
            Value covered = b.add(b.mul(b.sub(count, b.longs(1)), b.longs(strides.get(i))), b.longs(reach(i)));
            Value total = isSame ? b.apply(StandardOp.MAX, b.sub(covered, size), b.longs(0)) : b.longs(0);
            Value half = b.div(total, b.longs(2));
            counts.add(count);
            before.add(half);
            behind.add(b.sub(total, half));
        }
        Value padded = x;
        if (isSame) {
            before.add(b.longs(0));
            behind.add(b.longs(0));
            before.addAll(behind);
            padded = b.apply(StandardOp.PAD, x, b.concat(0, before.toArray(Value[]::new)), b.like(x, fill));
        }
        for (int i = 0; i < axes; i++) {
            padded = b.apply(StandardOp.GATHER, Attributes.of("axis", 2 * i + 1), padded, indices(b, counts.get(i), i));
        }
        return b.transpose(padded, windowsLast());
    }

    private long reach(int axis) {
        return (sizes.get(axis) - 1) * rates.get(axis) + 1;
    }

    private Value count(GraphBuilder b, Value size, int axis) {
        long free = isSame ? strides.get(axis) - 1 : strides.get(axis) - reach(axis);
        return b.div(b.add(size, b.longs(free)), b.longs(strides.get(axis)));
    }

    /** The index of each element of the window, for each position. */
    private Value indices(GraphBuilder b, Value count, int axis) {
        Value starts = b.mul(FillHandlers.positions(b, count), b.longs(strides.get(axis)));
        long[] offsets = LongStream.range(0, sizes.get(axis))
                .map(i -> i * rates.get(axis))
                .toArray();
        return b.add(b.unsqueeze(starts, 1), b.longs(offsets));
    }

    private long[] windowsLast() {
        int axes = sizes.size();
        LongStream positions = LongStream.range(0, axes).map(i -> 2 * i + 1);
        LongStream windows = LongStream.range(0, axes).map(i -> 2 * i + 2);
        return LongStream.concat(
                        LongStream.concat(LongStream.of(0), positions),
                        LongStream.concat(windows, LongStream.of(2L * axes + 1)))
                .toArray();
    }
}
