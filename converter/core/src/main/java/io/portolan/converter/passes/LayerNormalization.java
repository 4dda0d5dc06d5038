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
import java.util.Optional;

/**
 * Writes layer normalisation over the last axes as one operator, with the scale and bias that follow if they are constants of the
 * normalised shape. The product of the difference may be multiplied out, and the variance may be computed around the mean or as the mean of squares minus the square of the mean: the operator,
 * which computes it around the mean, has the smaller rounding error of the two.
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
        GraphRewriter.rewrite(
                graph,
                (node, b) -> normalised(node, b)
                        .or(() -> multipliedOut(node, b))
                        .or(() -> scaled(node, b))
                        .or(() -> shifted(node, b))
                        .map(List::of));
    }

    private static Optional<Value> normalised(Node node, GraphBuilder b) {
        return StandardScore.of(node, b).flatMap(score -> layer(score, b));
    }

    private static Optional<Value> layer(StandardScore score, GraphBuilder b) {
        Value x = score.x();
        int first = score.axes().get(0);
        boolean isTrailing = score.axes().size() == x.rank() - first && score.sameShapeAsInput();
        List<Dim> dims = x.shape().dims().subList(first, x.rank());
        if (!isTrailing || x.element() != OnnxType.FLOAT || !dims.stream().allMatch(Dim::isKnown)) {
            return Optional.empty();
        }
        long[] shape = dims.stream().mapToLong(Dim::coefficient).toArray();
        Optional<Value> factor = score.factor();
        Optional<TensorData> scale = factor.flatMap(value -> parameter(value, shape, x.rank()));
        Value one = b.constant(scale.orElseGet(() -> ones(shape)));
        Value normalised = b.apply(
                StandardOp.LAYER_NORMALIZATION,
                Attributes.of("axis", first - x.rank()).with("epsilon", new Attribute.Real((float) score.epsilon())),
                x,
                one);
        return Optional.of(factor.isEmpty() || scale.isPresent() ? normalised : b.mul(normalised, factor.get()));
    }

    private static Optional<Value> scaled(Node node, GraphBuilder b) {
        return node.op() != StandardOp.MUL
                ? Optional.empty()
                : Patterns.eitherOrder(
                        node,
                        (x, factor) -> Patterns.node(StandardOp.LAYER_NORMALIZATION, x, b)
                                .filter(layer -> layer.inputs().size() == 2
                                        && Patterns.isNumber(layer.input(1), 1)
                                        && x.rank() == node.output().rank())
                                .flatMap(layer -> parameter(factor, shape(layer), x.rank())
                                        .map(scale -> b.apply(
                                                StandardOp.LAYER_NORMALIZATION,
                                                layer.attributes(),
                                                layer.input(0),
                                                b.constant(scale, factor.name())))));
    }

    private static Optional<Value> multipliedOut(Node node, GraphBuilder b) {
        return StandardScore.multipliedOut(node, b)
                .flatMap(expression -> layer(expression.score(), b)
                        .map(layer -> expression
                                .shift()
                                .map(shift -> shifted(layer, shift, b).orElseGet(() -> b.add(layer, shift)))
                                .orElse(layer)));
    }

    private static Optional<Value> shifted(Node node, GraphBuilder b) {
        return node.op() != StandardOp.ADD
                ? Optional.empty()
                : Patterns.eitherOrder(
                        node, (x, shift) -> x.rank() == node.output().rank() ? shifted(x, shift, b) : Optional.empty());
    }

    private static Optional<Value> shifted(Value x, Value shift, GraphBuilder b) {
        return Patterns.node(StandardOp.LAYER_NORMALIZATION, x, b)
                .filter(layer -> layer.inputs().size() == 2)
                .flatMap(layer -> parameter(shift, shape(layer), x.rank())
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

    /** A constant of the normalised shape, possibly with axes of size 1 before it. */
    private static Optional<TensorData> parameter(Value value, long[] shape, int rank) {
        return value.data()
                .filter(data -> {
                    long[] own = data.shape();
                    int extra = own.length - shape.length;
                    return own.length <= rank
                            && extra >= 0
                            && Arrays.equals(Arrays.copyOfRange(own, extra, own.length), shape)
                            && Arrays.stream(own, 0, extra).allMatch(size -> size == 1);
                })
                .map(data -> data.reshaped(shape));
    }
}
