package io.portolan.converter.ir;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Tracks the elements of small integer and boolean tensors through a graph as {@link Quantity quantities}, each on its own, so that what a
 * graph computes from the known part of a shape ({@code Shape}, then slices, arithmetic, comparisons, concatenation) is known when it is
 * converted, and the rest as well as it can be. Elements are in row-major order.
 */
final class SymbolicContents {
    /** The elements of the output of a node, which has a static shape; null if nothing is known. */
    @FunctionalInterface
    interface Rule {
        List<Quantity> apply(Node node);
    }

    /** The maximum number of elements: pads of the highest rank are shorter, larger integer tensors are data. */
    private static final int LONGEST = 64;

    private SymbolicContents() {}

    /** The elements of a constant, or null if it is not a small tensor of integers or truth values. */
    static List<Quantity> of(TensorData data) {
        return isTracked(data.type()) && data.size() <= LONGEST
                ? Arrays.stream(data.longs()).mapToObj(Quantity::of).toList()
                : null;
    }

    /** The elements of a node's only output, or null if nothing is known. */
    static List<Quantity> of(Node node) {
        TensorType output = node.output().type();
        boolean isSmall = isTracked(output.element())
                && output.shape().isStatic()
                && output.shape().elements().coefficient() <= LONGEST;
        if (!isSmall || !(node.op() instanceof StandardOp op) || op.contents().isEmpty()) {
            return null;
        }
        List<Quantity> elements = op.contents().get().apply(node);
        return elements == null
                ? null
                : elements.stream().map(element -> element.in(output.element())).toList();
    }

    private static boolean isTracked(OnnxType type) {
        return type == OnnxType.INT64 || type == OnnxType.INT32 || type == OnnxType.BOOL;
    }

    static List<Quantity> shape(Node node) {
        return node.input(0).shape().dims().stream().map(Quantity::of).toList();
    }

    /** The elements of the first input in the same order. */
    static List<Quantity> first(Node node) {
        return node.input(0).quantities().orElse(null);
    }

    /** Casts between the tracked types; truth is any number but 0. */
    static List<Quantity> cast(Node node) {
        List<Quantity> elements = first(node);
        return elements == null || node.output().element() != OnnxType.BOOL
                ? elements
                : elements.stream()
                        .map(element -> element.same(Quantity.ZERO).not())
                        .toList();
    }

    static Rule unary(UnaryOperator<Quantity> operator) {
        return node -> node.input(0)
                .quantities()
                .map(elements -> elements.stream().map(operator).toList())
                .orElse(null);
    }

    /** An operator on pairs of elements of inputs that broadcast. */
    static Rule binary(BinaryOperator<Quantity> operator) {
        return node -> {
            if (node.inputs().stream().anyMatch(input -> input.quantities().isEmpty())) {
                return null;
            }
            List<Quantity> left = broadcast(node.input(0), node);
            List<Quantity> right = broadcast(node.input(1), node);
            return IntStream.range(0, left.size())
                    .mapToObj(i -> operator.apply(left.get(i), right.get(i)))
                    .toList();
        };
    }

    static List<Quantity> where(Node node) {
        if (node.inputs().stream().anyMatch(input -> input.quantities().isEmpty())) {
            return null;
        }
        List<Quantity> conditions = broadcast(node.input(0), node);
        List<Quantity> yes = broadcast(node.input(1), node);
        List<Quantity> no = broadcast(node.input(2), node);
        return IntStream.range(0, yes.size())
                .mapToObj(i -> chosen(conditions.get(i), yes.get(i), no.get(i)))
                .toList();
    }

    private static Quantity chosen(Quantity condition, Quantity yes, Quantity no) {
        return !condition.isKnown() ? yes.or(no) : condition.number() == 1 ? yes : no;
    }

    private static List<Quantity> broadcast(Value input, Node node) {
        List<Quantity> elements = input.quantities().orElseThrow();
        long[] shape = node.output().shape().sizes();
        return at(ConstantEvaluator.expand(positions(OnnxType.INT64, input, 0), shape), elements);
    }

    /** Running sums of a vector. */
    static List<Quantity> cumulative(Node node) {
        List<Quantity> elements = first(node);
        if (elements == null || node.output().rank() != 1) {
            return null;
        }
        boolean isReversed = node.attributes().integer("reverse", 0) == 1;
        boolean isExclusive = node.attributes().integer("exclusive", 0) == 1;
        List<Quantity> sums = new ArrayList<>(elements);
        Quantity sum = Quantity.ZERO;
        for (int i = 0; i < elements.size(); i++) {
            int at = isReversed ? elements.size() - 1 - i : i;
            Quantity next = sum.plus(elements.get(at));
            sums.set(at, isExclusive ? sum : next);
            sum = next;
        }
        return sums;
    }

    /** The remainder with the sign of the divisor. */
    static List<Quantity> remainder(Node node) {
        return node.attributes().integer("fmod", 0) == 0
                ? binary(Quantity::modulo).apply(node)
                : null;
    }

    /**
     * Reduces axes that a constant holds.
     *
     * @param neutral the result for no elements; empty if there is none
     */
    static Rule reduced(Optional<Quantity> neutral, BinaryOperator<Quantity> operator) {
        return node -> {
            List<Quantity> elements = first(node);
            if (elements == null || !node.input(1).isConstant()) {
                return null;
            }
            TensorShape shape = node.input(0).shape();
            Set<Integer> axes =
                    new HashSet<>(shape.axes(node.input(1).data().orElseThrow().longList()));
            int size = (int) node.output().shape().elements().coefficient();
            List<Optional<Quantity>> results = new ArrayList<>(Collections.nCopies(size, neutral));
            for (int i = 0; i < elements.size(); i++) {
                int target = withoutAxes(i, shape.sizes(), axes);
                Quantity element = elements.get(i);
                results.set(
                        target,
                        Optional.of(results.get(target)
                                .map(result -> operator.apply(result, element))
                                .orElse(element)));
            }
            return results.stream().allMatch(Optional::isPresent)
                    ? results.stream().map(Optional::get).toList()
                    : null;
        };
    }

    /** The row-major position in a shape without some axes of the element at a position in the whole shape. */
    private static int withoutAxes(int position, long[] sizes, Set<Integer> axes) {
        long rest = position;
        long target = 0;
        long stride = 1;
        for (int axis = sizes.length - 1; axis >= 0; axis--) {
            if (!axes.contains(axis)) {
                target += rest % sizes[axis] * stride;
                stride *= sizes[axis];
            }
            rest /= sizes[axis];
        }
        return (int) target;
    }

    /**
     * The elements of inputs as the operator's evaluation on constants moves them: it is applied to their positions.
     *
     * @param isMoved which inputs hold the elements; the others must be constants
     */
    static Rule moved(IntPredicate isMoved) {
        return node -> {
            List<Quantity> elements = new ArrayList<>();
            List<TensorData> inputs = new ArrayList<>();
            for (int i = 0; i < node.inputs().size(); i++) {
                Value input = node.input(i);
                if (isMoved.test(i) ? input.quantities().isEmpty() : !input.isConstant()) {
                    return null;
                }
                inputs.add(
                        isMoved.test(i)
                                ? positions(node.output().element(), input, elements.size())
                                : input.data().orElseThrow());
                if (isMoved.test(i)) {
                    elements.addAll(input.quantities().orElseThrow());
                }
            }
            return ConstantEvaluator.evaluate(node, inputs)
                    .map(positions -> at(positions, elements))
                    .orElse(null);
        };
    }

    /** A tensor of the shape of a value whose elements are {@code first}, {@code first + 1} and so on. */
    private static TensorData positions(OnnxType type, Value value, int first) {
        long[] shape = value.shape().sizes();
        int size = value.quantities().orElseThrow().size();
        return TensorData.ofLongs(type, LongStream.range(first, first + size).toArray(), shape);
    }

    private static List<Quantity> at(TensorData positions, List<Quantity> elements) {
        return Arrays.stream(positions.longs())
                .mapToObj(position -> elements.get((int) position))
                .toList();
    }
}
