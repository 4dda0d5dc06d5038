package io.portolan.converter.stablehlo.rewrites;

import io.portolan.programs.stablehlo.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * A part of a tensor.
 *
 * @param axes a range of each axis
 */
record Box(List<Range> axes) {
    Box {
        axes = List.copyOf(axes);
    }

    /** All of a tensor. */
    static Box whole(TensorType type) {
        return new Box(type.dims().stream().map(Range::whole).toList());
    }

    Range axis(int axis) {
        return axes.get(axis);
    }

    boolean isWhole(TensorType type) {
        return equals(whole(type));
    }

    /** The smallest box around both. */
    Box hull(Box other) {
        return new Box(IntStream.range(0, axes.size())
                .mapToObj(axis -> axes.get(axis).hull(other.axes.get(axis)))
                .toList());
    }

    /** The same part of some axes of a tensor, and the others as a whole. */
    Box only(TensorType type, IntPredicate some) {
        return new Box(IntStream.range(0, axes.size())
                .mapToObj(axis -> some.test(axis) ? axes.get(axis) : Range.whole(type.dim(axis)))
                .toList());
    }

    Box withAxis(int axis, Range range) {
        List<Range> changed = new ArrayList<>(axes);
        changed.set(axis, range);
        return new Box(changed);
    }

    /** The type of such a part of a tensor. */
    TensorType type(TensorType tensor) {
        return new TensorType(tensor.element(), axes.stream().map(Range::size).toList());
    }
}
