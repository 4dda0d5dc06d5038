package io.portolan.converter.ir;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * Follows the elements of small integer tensors through a graph as {@link Dim}s, so that a shape which the graph
 * computes at run time ({@code Shape}, then slices, products, concatenation) still tells dimensions at build time.
 * An element that is not a possible dimension, such as -1, is unknown here.
 */
final class Contents {
    /** No shape is longer; larger integer tensors are data. */
    private static final int LONGEST = 32;

    private Contents() {}

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
    static List<Dim> of(Op op, List<Value> inputs, Attributes attributes, TensorType output) {
        if (op == StandardOp.SHAPE) {
            return inputs.get(0).shape().dims();
        }
        boolean tracked = op instanceof StandardOp && output.shape().rank() <= 1
                && (output.element() == OnnxType.INT64 || output.element() == OnnxType.INT32);
        List<Dim> first = tracked ? inputs.get(0).contents().orElse(null) : null;
        if (first == null) {
            return null;
        }
        return switch ((StandardOp) op) {
            case IDENTITY, CAST, RESHAPE, SQUEEZE, UNSQUEEZE -> first;
            case CONCAT -> concatenated(inputs);
            case SLICE -> sliced(first, inputs);
            case GATHER -> gathered(first, inputs.get(1));
            case MUL -> combined(inputs, Dim::times);
            case DIV -> combined(inputs, Dim::dividedBy);
            case ADD -> combined(inputs, (a, b) -> a.isKnown() && b.isKnown()
                    ? Dim.of(a.coefficient() + b.coefficient()) : Dim.UNKNOWN);
            case SUB -> combined(inputs, (a, b) -> a.isKnown() && b.isKnown() && a.coefficient() >= b.coefficient()
                    ? Dim.of(a.coefficient() - b.coefficient()) : Dim.UNKNOWN);
            case REDUCE_PROD -> output.shape().elements().is(1)
                    ? List.of(first.stream().reduce(Dim.ONE, Dim::times)) : null;
            default -> null;
        };
    }

    private static List<Dim> concatenated(List<Value> inputs) {
        List<Dim> joined = new ArrayList<>();
        for (Value input : inputs) {
            if (input.contents().isEmpty()) {
                return null;
            }
            joined.addAll(input.contents().get());
        }
        return joined.size() > LONGEST ? null : joined;
    }

    private static List<Dim> sliced(List<Dim> elements, List<Value> inputs) {
        if (inputs.subList(1, 5).stream().anyMatch(bound -> !bound.isConstant())) {
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

    private static List<Dim> gathered(List<Dim> elements, Value indices) {
        if (indices.data().isEmpty()) {
            return null;
        }
        List<Dim> taken = new ArrayList<>();
        for (long index : indices.data().get().longs()) {
            taken.add(elements.get((int) (index < 0 ? index + elements.size() : index)));
        }
        return taken;
    }

    private static List<Dim> combined(List<Value> inputs, BinaryOperator<Dim> combine) {
        if (inputs.get(1).contents().isEmpty()) {
            return null;
        }
        List<Dim> left = inputs.get(0).contents().orElseThrow();
        List<Dim> right = inputs.get(1).contents().get();
        int size = left.size() == 1 ? right.size() : left.size();
        List<Dim> both = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            both.add(combine.apply(left.get(left.size() == 1 ? 0 : i), right.get(right.size() == 1 ? 0 : i)));
        }
        return both;
    }
}
