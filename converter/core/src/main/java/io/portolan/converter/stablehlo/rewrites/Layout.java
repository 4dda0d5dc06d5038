package io.portolan.converter.stablehlo.rewrites;

import io.portolan.programs.stablehlo.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Along what a tensor only repeats itself.
 *
 * @param axes the factors of the size of each axis, outermost first; none for an axis of size 1
 */
record Layout(List<List<Factor>> axes) {
    Layout {
        axes = List.copyOf(axes);
    }

    /** That of a tensor of which nothing is known. */
    static Layout plain(TensorType type) {
        return new Layout(type.dims().stream().map(Factor::plain).toList());
    }

    /** That of a tensor that is the same along some of its axes. */
    static Layout repeatedAlong(TensorType type, IntPredicate axes) {
        return new Layout(IntStream.range(0, type.rank())
                .mapToObj(axis -> axes.test(axis) ? Factor.repeated(type.dim(axis)) : Factor.plain(type.dim(axis)))
                .toList());
    }

    List<Factor> axis(int axis) {
        return axes.get(axis);
    }

    /** Whether the tensor is the same all along an axis. */
    boolean isRepeatedAlong(int axis) {
        return axes.get(axis).stream().allMatch(Factor::repeated);
    }

    /** Whether it repeats anything. */
    boolean repeats() {
        return axes.stream().flatMap(List::stream).anyMatch(Factor::repeated);
    }

    /** The type of the tensor without its repetitions: the same axes, shorter. */
    TensorType kept(TensorType type) {
        return new TensorType(type.element(), axes.stream().map(Factor::kept).toList());
    }

    /** The same on some axes, and nothing repeated on the others. */
    Layout only(IntPredicate some) {
        return new Layout(IntStream.range(0, axes.size())
                .mapToObj(axis -> some.test(axis) ? axes.get(axis) : Factor.unknown(axes.get(axis)))
                .toList());
    }

    /** That of a tensor computed from two of the same shape, element by element. */
    Layout common(Layout other) {
        return new Layout(IntStream.range(0, axes.size())
                .mapToObj(axis -> Factor.common(axes.get(axis), other.axes.get(axis)))
                .toList());
    }

    /** That of the same elements in row-major order under another shape; empty if an axis would take part of a factor. */
    Optional<Layout> reshaped(TensorType type) {
        Factor.Sequence factors =
                new Factor.Sequence(axes.stream().flatMap(List::stream).toList());
        List<List<Factor>> reshaped = new ArrayList<>();
        for (int axis = type.rank() - 1; axis >= 0; axis--) {
            List<Factor> taken = new LinkedList<>();
            long missing = type.dim(axis);
            while (missing > 1) {
                long size = Math.min(factors.size(), missing);
                if (factors.size() % size != 0 || missing % size != 0) {
                    return Optional.empty();
                }
                taken.add(0, factors.take(size));
                missing /= size;
            }
            reshaped.add(Factor.merged(taken));
        }
        Collections.reverse(reshaped);
        return Optional.of(new Layout(reshaped));
    }
}
