package io.portolan.converter.stablehlo.ops;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Rearranges the axes of a tensor: each axis of the result merges a group of its axes. */
final class AxisGroups {
    private AxisGroups() {}

    /** The tensor with one axis for each group; an empty group gives an axis of size 1. */
    static Value merged(GraphBuilder b, Value x, List<List<Long>> groups) {
        List<Long> order = groups.stream().flatMap(List::stream).toList();
        Value sorted = transposed(b, x, order);
        if (groups.stream().allMatch(group -> group.size() == 1)) {
            return sorted;
        }
        List<Value> sizes = new ArrayList<>();
        groups.forEach(group -> sizes.add(size(b, x, group)));
        return Shapes.reshape(b, sorted, sizes);
    }

    /** The product of the sizes of axes, as a vector of one integer. */
    static Value size(GraphBuilder b, Value x, List<Long> axes) {
        if (axes.isEmpty()) {
            return b.longs(1);
        }
        Value[] sizes =
                axes.stream().map(axis -> Shapes.size(b, x, axis.intValue())).toArray(Value[]::new);
        return sizes.length == 1 ? sizes[0] : b.reduce(StandardOp.REDUCE_PROD, b.concat(0, sizes), true, 0);
    }

    /** The tensor with its axes in another order. */
    static Value transposed(GraphBuilder b, Value x, List<Long> order) {
        boolean isIdentity =
                order.equals(LongStream.range(0, order.size()).boxed().toList());
        return isIdentity ? x : b.transpose(x, Shapes.array(order));
    }

    /** The order that undoes another. */
    static List<Long> inverse(List<Long> order) {
        Long[] inverse = new Long[order.size()];
        for (int i = 0; i < inverse.length; i++) {
            inverse[order.get(i).intValue()] = (long) i;
        }
        return List.of(inverse);
    }

    /** The axes of a tensor that are in none of the lists, in order. */
    static List<Long> others(int rank, List<Long> taken) {
        return LongStream.range(0, rank)
                .boxed()
                .filter(axis -> !taken.contains(axis))
                .toList();
    }

    static List<Long> others(int rank, List<Long> taken, List<Long> moreTaken) {
        return others(rank, joined(taken, moreTaken));
    }

    /** The lists one after the other. */
    static List<Long> joined(List<Long> first, List<Long> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    static List<Long> joined(List<Long> first, List<Long> second, List<Long> third) {
        return joined(joined(first, second), third);
    }
}
