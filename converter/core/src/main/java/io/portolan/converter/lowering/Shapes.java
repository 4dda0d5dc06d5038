package io.portolan.converter.lowering;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Sizes and shapes that may be known only at run time, as vectors of integers. */
public final class Shapes {
    private Shapes() {}

    /** The size of an axis as a vector of one integer; a constant if it is known. */
    public static Value size(GraphBuilder b, Value x, int axis) {
        long from = x.shape().axis(axis);
        return b.slice(b.shapeOf(x), List.of(0L), List.of(new SliceRange(from, from + 1, 1)));
    }

    /** The sizes of the axes in a range. */
    public static Value sizes(GraphBuilder b, Value x, int from, int to) {
        return from == to ? b.longs() : b.slice(b.shapeOf(x), List.of(0L), List.of(new SliceRange(from, to, 1)));
    }

    /** A size that must be known at conversion time. */
    public static long known(Value x, int axis) {
        return x.shape()
                .dim(axis)
                .size()
                .orElseThrow(() -> new IllegalArgumentException("expected a known size at axis " + axis + " of " + x));
    }

    /** A tensor filled with one number in the shape of another. */
    public static Value filledLike(GraphBuilder b, Value x, double number) {
        return b.expand(b.like(x, number), b.shapeOf(x));
    }

    /** A reshape to the concatenation of vectors of sizes. */
    public static Value reshape(GraphBuilder b, Value x, List<Value> sizes) {
        return b.reshape(
                x,
                b.concat(
                        0,
                        sizes.stream()
                                .filter(size -> !size.shape().dim(0).is(0))
                                .toArray(Value[]::new)));
    }

    /** A reshape of the last axes only. */
    public static Value reshapeFrom(GraphBuilder b, Value x, int axis, long... sizes) {
        List<Value> shape = new ArrayList<>();
        shape.add(sizes(b, x, 0, axis));
        shape.add(b.longs(sizes));
        return reshape(b, x, shape);
    }

    /** The axes of (N,…,C) in the order of (N,C,…). */
    public static long[] channelsFirst(int rank) {
        return LongStream.concat(LongStream.of(0, rank - 1), LongStream.range(1, rank - 1))
                .toArray();
    }

    /** The axes of (N,C,…) in the order of (N,…,C). */
    public static long[] channelsLast(int rank) {
        return LongStream.concat(LongStream.concat(LongStream.of(0), LongStream.range(2, rank)), LongStream.of(1))
                .toArray();
    }

    public static long[] array(List<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }
}
