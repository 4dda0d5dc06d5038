package io.portolan.converter.passes;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.Op;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.IntStream;

/** What passes ask of an expression: which operator computes a value, and of which operands. */
public final class Patterns {
    private Patterns() {}

    /** The node of this operator that computes a value in the builder's graph. */
    public static Optional<Node> node(Op op, Value value, GraphBuilder b) {
        return b.graph().producer(value).filter(node -> node.op() == op);
    }

    /** The operand of a unary node of this operator that computes a value. */
    public static Optional<Value> operand(Op op, Value value, GraphBuilder b) {
        return node(op, value, b).map(node -> node.input(0));
    }

    /** What a function finds for the two operands of a commutative node, in one order or the other. */
    public static <T> Optional<T> eitherOrder(Node node, Operands<T> function) {
        return function.of(node.input(0), node.input(1)).or(() -> function.of(node.input(1), node.input(0)));
    }

    /** A function of two operands. */
    @FunctionalInterface
    public interface Operands<T> {
        Optional<T> of(Value one, Value other);
    }

    /** The other operand of a commutative node that computes a value, if one operand is this number. */
    public static Optional<Value> besides(double number, StandardOp op, Value value, GraphBuilder b) {
        return node(op, value, b).flatMap(node -> besides(number, node));
    }

    /** The other operand of a commutative node, if one operand is this number. */
    public static Optional<Value> besides(double number, Node node) {
        return eitherOrder(node, (one, other) -> isNumber(one, number) ? Optional.of(other) : Optional.empty())
                // A constant of more axes would broadcast.
                .filter(other -> other.rank() == node.output().rank());
    }

    /** Whether a value is the product of two others, in either order. */
    public static boolean isProduct(Value value, Value one, Value other, GraphBuilder b) {
        return node(StandardOp.MUL, value, b)
                .filter(product -> product.inputs().equals(List.of(one, other))
                        || product.inputs().equals(List.of(other, one)))
                .isPresent();
    }

    /** The value that a node squares; empty if the value is not a square. */
    public static Optional<Value> squared(Value value, GraphBuilder b) {
        return node(StandardOp.MUL, value, b)
                .filter(node -> node.input(0) == node.input(1))
                .map(node -> node.input(0))
                .or(() -> node(StandardOp.POW, value, b)
                        .filter(node ->
                                isNumber(node.input(1), 2) && node.input(1).rank() == 0)
                        .map(node -> node.input(0)));
    }

    /** The number that every element of a constant is. */
    public static OptionalDouble number(Value value) {
        return value.data()
                .filter(data -> data.size() > 0)
                .map(data -> {
                    double first = data.doubleAt(0);
                    boolean isEverywhere = IntStream.range(0, data.size()).allMatch(i -> data.doubleAt(i) == first);
                    return isEverywhere ? OptionalDouble.of(first) : OptionalDouble.empty();
                })
                .orElse(OptionalDouble.empty());
    }

    /** The number that every element of a value is that broadcasts a constant, possibly one of truth values that become numbers. */
    public static OptionalDouble number(Value value, GraphBuilder b) {
        return number(last(
                value,
                filled -> operand(StandardOp.EXPAND, filled, b)
                        .or(() -> operand(StandardOp.CAST, filled, b)
                                .filter(truth -> truth.element() == OnnxType.BOOL))));
    }

    public static boolean isNumber(Value value, double number) {
        OptionalDouble found = number(value);
        return found.isPresent() && found.getAsDouble() == number;
    }

    /** The reduction that computes a value in the builder's graph. */
    public static Optional<Reduction> reduction(StandardOp op, Value value, GraphBuilder b) {
        return node(op, value, b).flatMap(Reduction::of);
    }

    /** Follows a step from value to value as long as there is one. */
    public static Value last(Value value, Function<Value, Optional<Value>> step) {
        Value current = value;
        for (Optional<Value> next = step.apply(current); next.isPresent(); next = step.apply(current)) {
            current = next.get();
        }
        return current;
    }
}
