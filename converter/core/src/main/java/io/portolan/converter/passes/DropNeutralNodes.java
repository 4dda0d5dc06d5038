package io.portolan.converter.passes;

import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Removes nodes that leave their operand as it is: arithmetic with a neutral number, reductions of axes of size 1, broadcasts to the
 * operand's own shape, selections by a constant, casts of a truth value to a number and back, and
 * broadcasts that only add axes of size 1, which are written as that.
 */
public final class DropNeutralNodes implements Pass {
    /** The number that each operator leaves the other operand unchanged with, NaN and the sign of zero included. */
    private static final Map<StandardOp, Double> NEUTRAL = Map.of(
            StandardOp.MUL, 1.0,
            StandardOp.MAX, Double.NEGATIVE_INFINITY,
            StandardOp.MIN, Double.POSITIVE_INFINITY,
            StandardOp.AND, 1.0,
            StandardOp.OR, 0.0);

    @Override
    public String name() {
        return "drop-neutral-nodes";
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(
                graph,
                (node, b) -> unchanged(node, b)
                        .filter(value -> value.element() == node.output().element()
                                && value.shape().sameAs(node.output().shape()))
                        .or(() -> exchanged(node, b))
                        .or(() -> withLeadingOnes(node, b))
                        .map(List::of));
    }

    private static Optional<Value> unchanged(Node node, GraphBuilder b) {
        if (!(node.op() instanceof StandardOp op)) {
            return Optional.empty();
        }
        if (NEUTRAL.containsKey(op) && node.inputs().size() == 2) {
            OptionalDouble neutral = OptionalDouble.of(NEUTRAL.get(op));
            return Patterns.eitherOrder(
                    node,
                    (one, other) -> Patterns.number(one, b).equals(neutral) ? Optional.of(other) : Optional.empty());
        }
        return switch (op) {
            case DIV -> Patterns.isNumber(node.input(1), 1) ? Optional.of(node.input(0)) : Optional.empty();
            case SUB -> Patterns.isNumber(node.input(1), 0) ? Optional.of(node.input(0)) : Optional.empty();
            case EXPAND -> Optional.of(node.input(0));
            case NOT -> Patterns.operand(StandardOp.NOT, node.input(0), b);
            case WHERE -> selected(node, b);
            case CAST ->
                Patterns.operand(StandardOp.CAST, node.input(0), b).filter(before -> before.element() == OnnxType.BOOL);
            default ->
                op.reducesAxes() ? Reduction.of(node).flatMap(one -> ofSingleElements(one, b)) : Optional.empty();
        };
    }

    /** What a condition that is the same everywhere selects. */
    private static Optional<Value> selected(Node node, GraphBuilder b) {
        OptionalDouble condition = Patterns.number(node.input(0), b);
        return condition.isEmpty() ? Optional.empty() : Optional.of(node.input(condition.getAsDouble() == 0 ? 2 : 1));
    }

    private static Optional<Value> ofSingleElements(Reduction reduction, GraphBuilder b) {
        boolean isSingle = !reduction.axes().isEmpty()
                && reduction.axes().stream()
                        .allMatch(axis -> reduction.input().shape().dim(axis).is(1));
        long[] axes = reduction.axes().stream().mapToLong(Integer::longValue).toArray();
        return isSingle
                ? Optional.of(
                        reduction.keepsAxes()
                                ? reduction.input()
                                : b.squeeze(
                                        reduction.input(),
                                        LongStream.of(axes).sorted().toArray()))
                : Optional.empty();
    }

    /** A broadcast that only adds leading axes of size 1. */
    private static Optional<Value> withLeadingOnes(Node node, GraphBuilder b) {
        if (node.op() != StandardOp.EXPAND) {
            return Optional.empty();
        }
        Value x = node.input(0);
        int added = node.output().rank() - x.rank();
        TensorShape extended =
                new TensorShape(Stream.concat(Stream.generate(() -> Dim.ONE).limit(added), x.shape().dims().stream())
                        .toList());
        return added > 0 && extended.sameAs(node.output().shape())
                ? Optional.of(b.unsqueeze(x, LongStream.range(0, added).toArray()))
                : Optional.empty();
    }

    /** A selection by a negation, with its two sides exchanged instead. */
    private static Optional<Value> exchanged(Node node, GraphBuilder b) {
        return node.op() == StandardOp.WHERE
                ? Patterns.operand(StandardOp.NOT, node.input(0), b)
                        .map(condition -> b.where(condition, node.input(2), node.input(1)))
                : Optional.empty();
    }
}
