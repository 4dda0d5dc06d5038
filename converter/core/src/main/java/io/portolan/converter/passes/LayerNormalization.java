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
import io.portolan.converter.ir.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Writes layer normalisation over the last axes as one operator, with the scale and bias that follow if they are constants of the
 * normalised shape. The product of the difference may be multiplied out, and the variance may be computed around the mean or as the mean of squares minus the square of the mean: the operator,
 * which computes it around the mean, has the smaller rounding error of the two. Where transposes have sunk through the arithmetic, so that it
 * normalises other axes, the transpose behind it moves before the operator.
 */
public final class LayerNormalization implements Pass {
    /** The name of the pass: opsets before the operator cannot have it. */
    public static final String NAME = "layer-normalization";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void apply(OnnxGraph graph) {
        Map<Value, Integer> uses = graph.useCounts();
        GraphRewriter.rewrite(
                graph,
                (node, b) -> (node.op() == StandardOp.TRANSPOSE
                                ? transposed(node, uses, b)
                                : normalised(node, inOrder(node), b)
                                        .or(() -> scaled(node, b))
                                        .or(() -> shifted(node, b)))
                        .map(List::of));
    }

    /** The order in which the axes of a result are. */
    private static Permutation inOrder(Node node) {
        return inOrder(node.outputs().get(0));
    }

    private static Permutation inOrder(Value value) {
        return Permutation.identity(value.rank());
    }

    /** A transpose that alone uses a normalisation of the axes that it makes the last ones. */
    private static Optional<Value> transposed(Node node, Map<Value, Integer> uses, GraphBuilder b) {
        Value normalised = node.input(0);
        return uses.getOrDefault(normalised, 1) > 1
                ? Optional.empty()
                : Permutation.of(node).flatMap(order -> expression(normalised, order, b));
    }

    /** What a value, with its axes in another order, is as a normalisation. */
    private static Optional<Value> expression(Value value, Permutation order, GraphBuilder b) {
        return b.graph()
                .producer(value)
                .filter(node -> node.op() != StandardOp.LAYER_NORMALIZATION)
                .flatMap(node -> normalised(node, order, b)
                        .or(() -> withParameter(
                                StandardOp.MUL,
                                node,
                                (inner, scale) ->
                                        expression(inner, order, b).flatMap(layer -> scaled(layer, scale, order, b))))
                        .or(() -> withParameter(
                                StandardOp.ADD,
                                node,
                                (inner, shift) -> expression(inner, order, b)
                                        .flatMap(layer -> shifted(layer, shift, order, b)))));
    }

    private static Optional<Value> withParameter(StandardOp op, Node node, Patterns.Operands<Value> function) {
        return node.op() != op
                ? Optional.empty()
                : Patterns.eitherOrder(
                        node,
                        (inner, constant) -> constant.isConstant() ? function.of(inner, constant) : Optional.empty());
    }

    private static Optional<Value> normalised(Node node, Permutation order, GraphBuilder b) {
        return StandardScore.of(node, b)
                .flatMap(score -> layer(score, order, b))
                .or(() -> StandardScore.multipliedOut(node, b)
                        .flatMap(expression -> layer(expression.score(), order, b)
                                .flatMap(layer -> expression
                                        .shift()
                                        .map(shift -> shifted(layer, shift, order, b)
                                                .or(() -> inPlace(order, () -> b.add(layer, shift))))
                                        .orElseGet(() -> Optional.of(layer)))));
    }

    /** What needs no other order of axes. */
    private static Optional<Value> inPlace(Permutation order, Supplier<Value> value) {
        return order.isIdentity() ? Optional.of(value.get()) : Optional.empty();
    }

    private static Optional<Value> layer(StandardScore score, Permutation order, GraphBuilder b) {
        Value x = score.x();
        int first = x.rank() - score.axes().size();
        List<Long> axes = score.axes().stream().map(Integer::longValue).toList();
        boolean isTrailing = score.sameShapeAsInput()
                && order.sources().size() == x.rank()
                && order.last(axes.size()).equals(axes);
        List<Dim> dims = score.axes().stream().map(axis -> x.shape().dim(axis)).toList();
        if (!isTrailing || x.element() != OnnxType.FLOAT || !dims.stream().allMatch(Dim::isKnown)) {
            return Optional.empty();
        }
        long[] shape = dims.stream().mapToLong(Dim::coefficient).toArray();
        Optional<Value> factor = score.factor();
        Optional<TensorData> scale = factor.flatMap(value -> parameter(value, shape, order));
        Value one = b.constant(scale.orElseGet(() -> ones(shape)));
        Value normalised = b.apply(
                StandardOp.LAYER_NORMALIZATION,
                Attributes.of("axis", first - x.rank()).with("epsilon", new Attribute.Real((float) score.epsilon())),
                order.appliedTo(x, b),
                one);
        return factor.isEmpty() || scale.isPresent()
                ? Optional.of(normalised)
                : inPlace(order, () -> b.mul(normalised, factor.get()));
    }

    private static Optional<Value> scaled(Node node, GraphBuilder b) {
        return withParameter(
                StandardOp.MUL,
                node,
                (x, factor) -> x.rank() == node.output().rank() ? scaled(x, factor, inOrder(x), b) : Optional.empty());
    }

    private static Optional<Value> scaled(Value x, Value factor, Permutation order, GraphBuilder b) {
        return Patterns.node(StandardOp.LAYER_NORMALIZATION, x, b)
                .filter(layer -> layer.inputs().size() == 2 && Patterns.isNumber(layer.input(1), 1))
                .flatMap(layer -> parameter(factor, shape(layer), order)
                        .map(scale -> b.apply(
                                StandardOp.LAYER_NORMALIZATION,
                                layer.attributes(),
                                layer.input(0),
                                b.constant(scale, factor.name()))));
    }

    private static Optional<Value> shifted(Node node, GraphBuilder b) {
        return withParameter(
                StandardOp.ADD,
                node,
                (x, shift) -> x.rank() == node.output().rank() ? shifted(x, shift, inOrder(x), b) : Optional.empty());
    }

    private static Optional<Value> shifted(Value x, Value shift, Permutation order, GraphBuilder b) {
        return Patterns.node(StandardOp.LAYER_NORMALIZATION, x, b)
                .filter(layer -> layer.inputs().size() == 2)
                .flatMap(layer -> parameter(shift, shape(layer), order)
                        .map(bias -> b.apply(
                                StandardOp.LAYER_NORMALIZATION,
                                layer.attributes(),
                                layer.input(0),
                                layer.input(1),
                                b.constant(bias, shift.name()))));
    }

    private static long[] shape(Node layer) {
        return layer.input(1).shape().sizes();
    }

    private static TensorData ones(long[] shape) {
        float[] ones = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
        Arrays.fill(ones, 1);
        return TensorData.of(ones, shape);
    }

    /** A constant of the normalised shape: one that broadcasts along all axes but those that the order makes the last ones. */
    private static Optional<TensorData> parameter(Value value, long[] shape, Permutation order) {
        int rank = order.sources().size();
        List<Long> axes = order.last(shape.length);
        return value.data()
                .filter(data -> {
                    long[] own = data.shape();
                    int missing = rank - own.length;
                    return missing >= 0
                            && IntStream.range(0, rank).allMatch(axis -> {
                                int position = axes.indexOf((long) axis);
                                long size = axis < missing ? 1 : own[axis - missing];
                                return size == (position < 0 ? 1 : shape[position]);
                            })
                            && axes.equals(axes.stream().sorted().toList());
                })
                .map(data -> data.reshaped(shape));
    }
}
