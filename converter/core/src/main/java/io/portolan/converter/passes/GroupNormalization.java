package io.portolan.converter.passes;

import io.portolan.converter.ir.Attribute;
import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Writes the normalisation of groups of channels of a channels-last map (N, …, C), whose statistics are repeated for the channels of each
 * group, as InstanceNormalization of the channels-first map in the shape (N, groups, rest).
 */
public final class GroupNormalization implements Pass {
    @Override
    public String name() {
        return "group-normalization";
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(
                graph,
                (node, b) -> StandardScore.of(
                                node, value -> beforeRepetition(value, b).orElse(value), b)
                        .flatMap(score -> normalised(score, b))
                        .map(List::of));
    }

    private static Optional<Value> normalised(StandardScore score, GraphBuilder b) {
        Value x = score.x();
        TensorShape grouped = score.statistics().shape();
        int rank = x.rank();
        boolean isGrouped = x.element() == OnnxType.FLOAT
                && rank >= 3
                && grouped.rank() == rank + 1
                && Patterns.operand(StandardOp.RESHAPE, score.statistics(), b)
                        .filter(source -> source == x)
                        .isPresent()
                && x.shape().dims().subList(0, rank - 1).equals(grouped.dims().subList(0, rank - 1))
                && x.shape().dims().stream().skip(1).allMatch(Dim::isKnown)
                && score.axes()
                        .equals(IntStream.rangeClosed(1, rank)
                                .filter(axis -> axis != rank - 1)
                                .boxed()
                                .toList())
                && repeats(score.mean(), grouped, b);
        if (!isGrouped) {
            return Optional.empty();
        }
        int groups = Math.toIntExact(grouped.dim(rank - 1).coefficient());
        List<Long> first = new ArrayList<>(List.of(0L, rank - 1L));
        LongStream.range(1, rank - 1).forEach(first::add);
        Permutation toChannelsFirst = new Permutation(first);
        Value map = toChannelsFirst.appliedTo(x, b);
        float[] ones = new float[groups];
        Arrays.fill(ones, 1);
        Value normalised = b.apply(
                StandardOp.INSTANCE_NORMALIZATION,
                Attributes.NONE.with("epsilon", new Attribute.Real((float) score.epsilon())),
                b.reshape(
                        map,
                        -1,
                        groups,
                        x.shape().dims().stream()
                                        .skip(1)
                                        .mapToLong(Dim::coefficient)
                                        .reduce(1, Math::multiplyExact)
                                / groups),
                b.constant(TensorData.of(ones, groups)),
                b.constant(TensorData.of(new float[groups], groups)));
        long[] sizes = map.shape().dims().stream()
                .mapToLong(dim -> dim.isKnown() ? dim.coefficient() : -1)
                .toArray();
        Value back = toChannelsFirst.inverse().appliedTo(b.reshape(normalised, sizes), b);
        return Optional.of(score.factor().map(factor -> b.mul(back, factor)).orElse(back));
    }

    /** Whether a value repeats each of the groups' numbers for each of the group's channels. */
    private static boolean repeats(Value value, TensorShape grouped, GraphBuilder b) {
        int rank = grouped.rank();
        Dim batch = grouped.dim(0);
        List<Dim> expected = new ArrayList<>(List.of(batch));
        IntStream.range(1, rank - 2).forEach(axis -> expected.add(Dim.ONE));
        expected.add(grouped.dim(rank - 2).times(grouped.dim(rank - 1)));
        return value.shape().sameAs(new TensorShape(expected))
                && expansion(value, b)
                        .filter(node -> node.output()
                                .shape()
                                .sameAs(TensorShape.of(batch, grouped.dim(rank - 2), grouped.dim(rank - 1))))
                        .isPresent();
    }

    /** Statistics (N, groups) that are expanded to (N, groups, channels of a group) and then reshaped. */
    private static Optional<Value> beforeRepetition(Value value, GraphBuilder b) {
        return expansion(value, b)
                .filter(node -> node.input(0).rank() == 3
                        && node.input(0).shape().dim(2).is(1))
                .flatMap(node -> Patterns.operand(StandardOp.UNSQUEEZE, node.input(0), b))
                .filter(source -> source.rank() == 2)
                // Where the variance is computed from the mean, the mean keeps its axes for that.
                .map(source -> Patterns.operand(StandardOp.SQUEEZE, source, b).orElse(source));
    }

    private static Optional<Node> expansion(Value value, GraphBuilder b) {
        Value expanded = Patterns.last(
                value,
                current -> Patterns.operand(StandardOp.UNSQUEEZE, current, b)
                        .or(() -> Patterns.operand(StandardOp.RESHAPE, current, b)));
        return Patterns.node(StandardOp.EXPAND, expanded, b);
    }
}
