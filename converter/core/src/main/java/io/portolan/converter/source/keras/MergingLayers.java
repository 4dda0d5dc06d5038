package io.portolan.converter.source.keras;

import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.source.keras.LayerTable.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.stream.LongStream;
import org.tensorflow.Output;

/** Layers that make one tensor of several. */
final class MergingLayers {
    static final List<Row> ROWS = List.of(
            folded("Add", "AddV2"),
            folded("Multiply", "Mul"),
            folded("Maximum", "Maximum"),
            folded("Minimum", "Minimum"),
            new Row("Subtract", false, MergingLayers::subtract),
            new Row("Average", false, MergingLayers::average),
            new Row("Concatenate", false, MergingLayers::concatenate),
            new Row("Dot", false, MergingLayers::dot));

    private MergingLayers() {}

    private static Row folded(String name, String op) {
        return new Row(name, false, call -> merged(call, (a, b) -> call.tf().op(op, a, b)));
    }

    private static KerasTensor merged(LayerCall call, BinaryOperator<Output<?>> merge) {
        List<Output<?>> parts = aligned(call);
        Output<?> result = parts.get(0);
        for (Output<?> part : parts.subList(1, parts.size())) {
            result = merge.apply(result, part);
        }
        return new KerasTensor(result, either(call));
    }

    private static List<Output<?>> computed(LayerCall call) {
        return call.inputs().stream()
                .<Output<?>>map(input -> call.computed(input.tensor()))
                .toList();
    }

    /** The inputs with axes of size 1 after the batch's where others have more. */
    private static List<Output<?>> aligned(LayerCall call) {
        List<Output<?>> parts = computed(call);
        int rank = parts.stream().mapToInt(GraphOps::rank).max().orElse(0);
        return parts.stream()
                .<Output<?>>map(part -> {
                    Output<?> wide = part;
                    while (GraphOps.rank(wide) < rank) {
                        wide = call.tf().expand(wide, 1);
                    }
                    return wide;
                })
                .toList();
    }

    /** A step counts if it counts in any of the inputs, all of which must have a mask. */
    private static Optional<Output<?>> either(LayerCall call) {
        if (call.mask().isPresent()) {
            throw new ConversionException("is called with a mask; expected those that its inputs carry");
        }
        Output<?> either = null;
        for (KerasTensor input : call.inputs()) {
            if (input.mask().isEmpty()) {
                return Optional.empty();
            }
            either = either == null
                    ? input.mask().get()
                    : call.tf().op("LogicalOr", either, input.mask().get());
        }
        return Optional.ofNullable(either);
    }

    private static Object subtract(LayerCall call) {
        requireTwo(call);
        return merged(call, call.tf()::sub);
    }

    private static void requireTwo(LayerCall call) {
        if (call.inputs().size() != 2) {
            throw new ConversionException("has " + call.inputs().size() + " inputs; expected 2");
        }
    }

    private static Object average(LayerCall call) {
        KerasTensor sum = merged(call, call.tf()::add);
        Output<?> count = call.tf().like(sum.tensor(), call.inputs().size());
        return new KerasTensor(call.tf().div(sum.tensor(), count), sum.mask());
    }

    private static Object concatenate(LayerCall call) {
        GraphOps tf = call.tf();
        List<Output<?>> parts = computed(call);
        int axis = GraphOps.axis(call.config().integer("axis", -1), GraphOps.rank(parts.get(0)));
        Output<?> joined = tf.concat(parts, axis);
        if (call.inputs().stream().allMatch(input -> input.mask().isEmpty())) {
            return KerasTensor.of(joined);
        }
        // As Keras has it: a mask for every element, joined like the elements, and true where one of the last axis is.
        List<Output<?>> masks = new ArrayList<>();
        for (KerasTensor input : call.inputs()) {
            Output<?> x = input.tensor();
            Output<?> all = tf.op("OnesLike", tf.op("Equal", x, x));
            Output<?> none = tf.op("LogicalNot", all);
            if (input.mask().isEmpty()) {
                masks.add(all);
            } else if (GraphOps.rank(input.mask().get()) < GraphOps.rank(x)) {
                masks.add(tf.op("LogicalOr", tf.expand(input.mask().get(), -1), none));
            } else {
                masks.add(input.mask().get());
            }
        }
        Output<?> mask = tf.concat(masks, axis);
        return new KerasTensor(joined, Optional.of(tf.reduce("Any", mask, false, GraphOps.rank(mask) - 1)));
    }

    /** A product of matrices for each sample, along one axis of each input. */
    private static Object dot(LayerCall call) {
        requireTwo(call);
        GraphOps tf = call.tf();
        List<Output<?>> parts = new ArrayList<>(computed(call));
        List<Long> named = call.config().integers("axes");
        boolean isNormal = call.config().flag("normalize", false);
        int[] axes = new int[2];
        for (int i = 0; i < 2; i++) {
            Output<?> x = parts.get(i);
            axes[i] = GraphOps.axis(named.get(named.size() == 1 ? 0 : i), GraphOps.rank(x));
            if (axes[i] == 0) {
                throw call.config().wrong("axes", "other axes than that of the batch");
            }
            if (isNormal) {
                Output<?> norm = tf.op("Sqrt", tf.reduce("Sum", tf.op("Square", x), true, axes[i]));
                parts.set(i, tf.div(x, tf.max(norm, tf.like(norm, 1e-7))));
            }
        }
        Output<?> x = parts.get(0);
        Output<?> y = parts.get(1);
        int left = GraphOps.rank(x);
        int right = GraphOps.rank(y);
        // The summed axis last in x, and after the batch's in y; the others as one.
        Output<?> a = tf.transpose(x, moved(left, axes[0], left - 1));
        Output<?> b = tf.transpose(y, moved(right, axes[1], 1));
        List<Object> sizes = new ArrayList<>(tf.dimensions(a, 0, left - 1));
        sizes.addAll(tf.dimensions(b, 2, right));
        List<Object> rows = new ArrayList<>(List.of(tf.dimension(a, 0), -1L, tf.dimension(a, left - 1)));
        List<Object> columns = new ArrayList<>(List.of(tf.dimension(b, 0), tf.dimension(b, 1), -1L));
        Output<?> product =
                tf.op("BatchMatMulV2", left == 3 ? a : tf.reshape(a, rows), right == 3 ? b : tf.reshape(b, columns));
        if (left == 3 && right == 3) {
            return KerasTensor.of(product);
        }
        if (left == 2 && right == 2) {
            return KerasTensor.of(tf.squeeze(product, 1));
        }
        return KerasTensor.of(tf.reshape(product, sizes));
    }

    /** The order of axes with one moved to another place. */
    private static long[] moved(int rank, int from, int to) {
        List<Long> axes = new ArrayList<>(
                LongStream.range(0, rank).filter(axis -> axis != from).boxed().toList());
        axes.add(to, (long) from);
        return axes.stream().mapToLong(Long::longValue).toArray();
    }
}
