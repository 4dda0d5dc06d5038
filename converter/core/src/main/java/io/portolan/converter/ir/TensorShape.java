package io.portolan.converter.ir;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The shape of a tensor: a known rank, and known, symbolic or unknown dimensions.
 *
 * @param dims the dimensions, outermost first
 */
public record TensorShape(List<Dim> dims) {
    /** The shape of a scalar. */
    public static final TensorShape SCALAR = new TensorShape(List.of());

    public TensorShape {
        dims = List.copyOf(dims);
    }

    /** A static shape. */
    public static TensorShape of(long... sizes) {
        return new TensorShape(LongStream.of(sizes).mapToObj(Dim::of).toList());
    }

    /** A shape of these dimensions. */
    public static TensorShape of(Dim... dims) {
        return new TensorShape(Arrays.asList(dims));
    }

    /** A shape of which only the rank is known. */
    public static TensorShape unknown(int rank) {
        return new TensorShape(Collections.nCopies(rank, Dim.UNKNOWN));
    }

    /** The number of axes. */
    public int rank() {
        return dims.size();
    }

    /** The dimension at an axis; negative axes count from the end. */
    public Dim dim(int axis) {
        return dims.get(axis(axis));
    }

    /** The non-negative form of an axis that may count from the end. */
    public int axis(long axis) {
        if (axis < -rank() || axis >= rank()) {
            throw new IllegalArgumentException("axis " + axis + " is outside a tensor of shape " + this);
        }
        return (int) (axis < 0 ? axis + rank() : axis);
    }

    /** The non-negative forms of axes, in the given order. */
    public List<Integer> axes(List<Long> axes) {
        return axes.stream().map(this::axis).toList();
    }

    /** Whether every dimension is a number. */
    public boolean isStatic() {
        return dims.stream().allMatch(Dim::isKnown);
    }

    /** The sizes of a {@linkplain #isStatic() static} shape. */
    public long[] sizes() {
        if (!isStatic()) {
            throw new IllegalStateException("shape " + this + " is not static");
        }
        return dims.stream().mapToLong(Dim::coefficient).toArray();
    }

    /** The number of elements. */
    public Dim elements() {
        return dims.stream().reduce(Dim.ONE, Dim::times);
    }

    /** A copy with another dimension at one axis. */
    public TensorShape with(int axis, Dim dim) {
        List<Dim> changed = new ArrayList<>(dims);
        changed.set(axis(axis), dim);
        return new TensorShape(changed);
    }

    /** Axis {@code i} of the result is axis {@code permutation[i]} of this shape. */
    public TensorShape transposed(List<Long> permutation) {
        if (!permutation.stream()
                .sorted()
                .toList()
                .equals(LongStream.range(0, rank()).boxed().toList())) {
            throw new IllegalArgumentException(permutation + " does not permute the axes of shape " + this);
        }
        return new TensorShape(
                permutation.stream().map(axis -> dims.get(axis.intValue())).toList());
    }

    /** A copy with symbols {@code prefix_0}, {@code prefix_1}, ... for axes 0, 1, ... if they are unknown. */
    TensorShape named(String prefix) {
        return new TensorShape(IntStream.range(0, rank())
                .mapToObj(axis -> dims.get(axis).isUnknown() ? Dim.symbol(prefix + "_" + axis) : dims.get(axis))
                .toList());
    }

    /** The shape of a tensor that has this shape or another of the same rank. */
    public TensorShape merged(TensorShape other) {
        return new TensorShape(IntStream.range(0, rank())
                .mapToObj(axis -> dims.get(axis).sameAs(other.dims.get(axis)) ? dims.get(axis) : Dim.UNKNOWN)
                .toList());
    }

    /** The shape to which tensors of these two shapes broadcast, aligned at their last axes. */
    public TensorShape broadcastWith(TensorShape other) {
        int rank = Math.max(rank(), other.rank());
        List<Dim> met = new ArrayList<>(rank);
        for (int axis = 0; axis < rank; axis++) {
            met.add(padded(axis, rank).broadcastWith(other.padded(axis, rank)));
        }
        return new TensorShape(met);
    }

    private Dim padded(int axis, int rank) {
        int own = axis - (rank - rank());
        return own < 0 ? Dim.ONE : dims.get(own);
    }

    /** Whether both shapes are the same for every value of the symbols. */
    public boolean sameAs(TensorShape other) {
        return equals(other) && dims.stream().noneMatch(Dim::isUnknown);
    }

    /** Whether both shapes can be the same for some values of the symbols. */
    boolean canEqual(TensorShape other) {
        return rank() == other.rank()
                && IntStream.range(0, rank()).allMatch(axis -> dims.get(axis).canEqual(other.dims.get(axis)));
    }

    /** {@code (batch, 7, 7, 64)}. */
    @Override
    public String toString() {
        return dims.stream().map(Dim::toString).collect(Collectors.joining(", ", "(", ")"));
    }
}
