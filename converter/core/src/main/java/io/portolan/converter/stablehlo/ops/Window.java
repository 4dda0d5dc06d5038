package io.portolan.converter.stablehlo.ops;

import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.Value;
import io.portolan.programs.stablehlo.Operation;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A window that moves over a tensor, with an entry for each axis.
 *
 * @param sizes the number of elements in the window
 * @param strides the steps of the window
 * @param baseDilations the distances to which the elements of the tensor are moved apart, with padding between them
 * @param dilations the distances of the elements of the window
 * @param low the padding before the first element; negative sizes cut
 * @param high the padding after the last element
 */
record Window(
        List<Long> sizes,
        List<Long> strides,
        List<Long> baseDilations,
        List<Long> dilations,
        List<Long> low,
        List<Long> high) {
    /** The window of an operation on a tensor of some rank. */
    static Window of(Operation op, int rank) {
        List<Long> padding = op.integers("padding", 2 * rank, 0);
        boolean isReduction = op.name().equals("stablehlo.reduce_window");
        return new Window(
                op.integers("window_dimensions", rank, 1),
                op.integers("window_strides", rank, 1),
                isReduction ? op.integers("base_dilations", rank, 1) : Collections.nCopies(rank, 1L),
                isReduction ? op.integers("window_dilations", rank, 1) : Collections.nCopies(rank, 1L),
                IntStream.range(0, rank).mapToObj(axis -> padding.get(2 * axis)).toList(),
                IntStream.range(0, rank)
                        .mapToObj(axis -> padding.get(2 * axis + 1))
                        .toList());
    }

    int rank() {
        return sizes.size();
    }

    /** The axes along which the window does anything. */
    List<Long> axes() {
        return IntStream.range(0, rank())
                .filter(axis -> sizes.get(axis) != 1
                        || strides.get(axis) != 1
                        || baseDilations.get(axis) != 1
                        || low.get(axis) != 0
                        || high.get(axis) != 0)
                .mapToObj(axis -> (long) axis)
                .toList();
    }

    /** The number of elements in the window. */
    long count() {
        return sizes.stream().reduce(1L, Math::multiplyExact);
    }

    boolean isDilated() {
        return dilations.stream().anyMatch(distance -> distance != 1);
    }

    boolean isBaseDilated() {
        return baseDilations.stream().anyMatch(distance -> distance != 1);
    }

    /** The extent of the window along an axis. */
    long extent(int axis) {
        return (sizes.get(axis) - 1) * dilations.get(axis) + 1;
    }

    /** Whether it is the window of a cumulative operation along an axis of a tensor, and nothing along the others. */
    boolean isCumulative(Value x, boolean reverse) {
        List<Long> axes = axes();
        if (axes.size() != 1 || isDilated() || isBaseDilated()) {
            return false;
        }
        int axis = axes.get(0).intValue();
        Dim size = x.shape().dim(axis);
        long behind = sizes.get(axis) - 1;
        return size.is(sizes.get(axis))
                && strides.get(axis) == 1
                && low.get(axis) == (reverse ? 0 : behind)
                && high.get(axis) == (reverse ? behind : 0);
    }

    /** Whether ONNX's pools take its padding: none is negative or as large as the window. */
    boolean isPoolable() {
        return !isBaseDilated()
                && IntStream.range(0, rank())
                        .allMatch(axis -> low.get(axis) >= 0
                                && high.get(axis) >= 0
                                && low.get(axis) < extent(axis)
                                && high.get(axis) < extent(axis));
    }
}
