package io.portolan.converter.stablehlo.ops;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.stablehlo.OpContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/** The index vectors of a gather or a scatter: 64-bit integers, with the axis of their components last. */
final class IndexVectors {
    private IndexVectors() {}

    /** The operand that holds them, with the axis of components moved, or added, behind all others. */
    static Value of(OpContext in, int operand) {
        GraphBuilder b = in.b();
        Value indices = b.cast(in.real(operand), OnnxType.INT64);
        int axis = (int) in.op().integer("index_vector_dim", 0);
        if (axis == indices.rank()) {
            return b.unsqueeze(indices, axis);
        }
        List<Long> order = new ArrayList<>(AxisGroups.others(indices.rank(), List.of((long) axis)));
        order.add((long) axis);
        return AxisGroups.transposed(b, indices, order);
    }

    /** Adds the places in a window: axes of the given sizes before that of the components, each moved along its component. */
    static Value withWindow(GraphBuilder b, Value indices, List<Long> sizes, List<Integer> components) {
        if (sizes.isEmpty()) {
            return indices;
        }
        int outer = indices.rank() - 1;
        Value spread = b.unsqueeze(
                indices, LongStream.range(outer, outer + sizes.size()).toArray());
        if (sizes.stream().allMatch(size -> size == 1)) {
            return spread;
        }
        int depth = (int) Shapes.known(indices, outer);
        return b.add(spread, b.constant(grid(sizes, components, depth)));
    }

    /** For each place in a window, its distance from the first, in the components of an index vector. */
    private static TensorData grid(List<Long> sizes, List<Integer> components, int depth) {
        long[] shape = new long[sizes.size() + 1];
        for (int i = 0; i < sizes.size(); i++) {
            shape[i] = sizes.get(i);
        }
        shape[sizes.size()] = depth;
        int places = Math.toIntExact(Arrays.stream(shape, 0, sizes.size()).reduce(1, Math::multiplyExact));
        long[] numbers = new long[Math.multiplyExact(places, depth)];
        long[] place = new long[sizes.size()];
        for (int i = 0; i < places; i++) {
            for (int axis = 0; axis < place.length; axis++) {
                numbers[i * depth + components.get(axis)] = place[axis];
            }
            for (int axis = place.length - 1; axis >= 0; axis--) {
                if (++place[axis] < sizes.get(axis)) {
                    break;
                }
                place[axis] = 0;
            }
        }
        return TensorData.ofLongs(OnnxType.INT64, numbers, shape);
    }

    /** The largest index of each component for which a window fits: a vector, a constant if the sizes are known. */
    static Value largest(GraphBuilder b, Value x, List<Long> axes, List<Long> windows) {
        List<Value> last = new ArrayList<>();
        for (int i = 0; i < axes.size(); i++) {
            last.add(b.sub(Shapes.size(b, x, axes.get(i).intValue()), b.longs(windows.get(i))));
        }
        return b.concat(0, last.toArray(Value[]::new));
    }

    /** Whether all indices are constants that need not be moved. */
    static boolean isInRange(Value indices, Value largest) {
        if (!indices.isConstant() || !largest.isConstant()) {
            return false;
        }
        long[] bounds = largest.data().orElseThrow().longs();
        long[] numbers = indices.data().orElseThrow().longs();
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] < 0 || numbers[i] > bounds[i % bounds.length]) {
                return false;
            }
        }
        return true;
    }

    /** Moves each index so that its window fits. */
    static Value clamped(GraphBuilder b, Value indices, Value largest) {
        if (isInRange(indices, largest)) {
            return indices;
        }
        Value zero = b.constant(TensorData.scalar(OnnxType.INT64, 0));
        return b.apply(StandardOp.MAX, b.apply(StandardOp.MIN, indices, largest), zero);
    }

    /** Ones, as many as a list is long. */
    static List<Long> ones(int count) {
        return Collections.nCopies(count, 1L);
    }
}
