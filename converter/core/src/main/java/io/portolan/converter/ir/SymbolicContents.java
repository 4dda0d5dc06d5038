package io.portolan.converter.ir;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;

/**
 * Tracks the elements of small integer tensors through a graph as {@link Dim}s, so that a shape which the graph computes at run time
 * ({@code Shape}, then slices, products, concatenation) still gives dimensions at conversion time. An element that cannot be a
 * dimension, such as -1, is unknown here.
 */
final class SymbolicContents {
    /** The elements of an operator's output; null if nothing is known. */
    @FunctionalInterface
    interface Rule {
        List<Dim> apply(List<Value> inputs, TensorType output);
    }

    /** The maximum number of elements: no shape is longer, larger integer tensors are data. */
    private static final int LONGEST = 32;

    private SymbolicContents() {}

    /** The elements of a constant, or null if it is not a small tensor of integers. */
    static List<Dim> of(TensorData data) {
        boolean integers = data.type() == OnnxType.INT64 || data.type() == OnnxType.INT32;
        if (!integers || data.shape().length > 1 || data.size() > LONGEST) {
            return null;
        }
        List<Dim> contents = new ArrayList<>();
        for (long element : data.longs()) {
            contents.add(element < 0 ? Dim.UNKNOWN : Dim.of(element));
        }
        return contents;
    }

    /** The elements of a node's output, or null if nothing is known. */
    static List<Dim> of(Op op, List<Value> inputs, TensorType output) {
        boolean tracked = op instanceof StandardOp
                && output.shape().rank() <= 1
                && (output.element() == OnnxType.INT64 || output.element() == OnnxType.INT32);
        return tracked
                ? ((StandardOp) op)
                        .contents()
                        .map(rule -> rule.apply(inputs, output))
                        .orElse(null)
                : null;
    }

    static List<Dim> shape(List<Value> inputs, TensorType output) {
        return inputs.get(0).shape().dims();
    }

    /** The elements of the first input, which the operator leaves unchanged. */
    static List<Dim> first(List<Value> inputs, TensorType output) {
        return inputs.get(0).contents().orElse(null);
    }

    static List<Dim> sum(List<Value> inputs, TensorType output) {
        return combined(
                inputs, (a, b) -> a.isKnown() && b.isKnown() ? Dim.of(a.coefficient() + b.coefficient()) : Dim.UNKNOWN);
    }

    static List<Dim> difference(List<Value> inputs, TensorType output) {
        return combined(
                inputs,
                (a, b) -> a.isKnown() && b.isKnown() && a.coefficient() >= b.coefficient()
                        ? Dim.of(a.coefficient() - b.coefficient())
                        : Dim.UNKNOWN);
    }

    static List<Dim> product(List<Value> inputs, TensorType output) {
        return combined(inputs, Dim::times);
    }

    static List<Dim> quotient(List<Value> inputs, TensorType output) {
        return combined(inputs, Dim::dividedBy);
    }

    static List<Dim> productOfAll(List<Value> inputs, TensorType output) {
        List<Dim> elements = first(inputs, output);
        return elements != null && output.shape().elements().is(1)
                ? List.of(elements.stream().reduce(Dim.ONE, Dim::times))
                : null;
    }

    static List<Dim> concatenated(List<Value> inputs, TensorType output) {
        List<Dim> joined = new ArrayList<>();
        for (Value input : inputs) {
            if (input.contents().isEmpty()) {
                return null;
            }
            joined.addAll(input.contents().get());
        }
        return joined.size() > LONGEST ? null : joined;
    }

    static List<Dim> sliced(List<Value> inputs, TensorType output) {
        List<Dim> elements = first(inputs, output);
        if (elements == null || inputs.subList(1, 5).stream().anyMatch(bound -> !bound.isConstant())) {
            return null;
        }
        SliceRange range = new SliceRange(only(inputs.get(1)), only(inputs.get(2)), only(inputs.get(4)));
        long length = range.length(Dim.of(elements.size())).coefficient();
        List<Dim> taken = new ArrayList<>();
        for (long i = 0; i < length; i++) {
            taken.add(elements.get((int) (range.first(elements.size()) + i * range.step())));
        }
        return taken;
    }

    private static long only(Value vector) {
        return vector.data().orElseThrow().longAt(0);
    }

    static List<Dim> gathered(List<Value> inputs, TensorType output) {
        List<Dim> elements = first(inputs, output);
        Optional<TensorData> indices = inputs.get(1).data();
        if (elements == null || indices.isEmpty()) {
            return null;
        }
        List<Dim> taken = new ArrayList<>();
        for (long index : indices.get().longs()) {
            taken.add(elements.get((int) (index < 0 ? index + elements.size() : index)));
        }
        return taken;
    }

    private static List<Dim> combined(List<Value> inputs, BinaryOperator<Dim> combine) {
        if (inputs.get(0).contents().isEmpty() || inputs.get(1).contents().isEmpty()) {
            return null;
        }
        List<Dim> left = inputs.get(0).contents().get();
        List<Dim> right = inputs.get(1).contents().get();
        int size = left.size() == 1 ? right.size() : left.size();
        List<Dim> both = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            both.add(combine.apply(left.get(left.size() == 1 ? 0 : i), right.get(right.size() == 1 ? 0 : i)));
        }
        return both;
    }
}
