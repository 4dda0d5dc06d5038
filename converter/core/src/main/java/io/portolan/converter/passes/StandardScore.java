package io.portolan.converter.passes;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;

/**
 * An expression {@code (x − mean) / √(variance + ε)}, possibly times a factor that is multiplied with the reciprocal root first.
 *
 * @param x what is normalised
 * @param mean the mean as it is subtracted
 * @param statistics the tensor that mean and variance are reductions of: x, or x in another shape
 * @param axes the axes of the statistics that are reduced, in ascending order
 * @param epsilon what is added to the variance
 * @param factor what the result is multiplied with
 */
record StandardScore(
        Value x, Value mean, Value statistics, List<Integer> axes, double epsilon, Optional<Value> factor) {
    /** The expression that a node completes, if mean and variance keep their axes and are reductions of the very x. */
    static Optional<StandardScore> of(Node node, GraphBuilder b) {
        return of(node, value -> value, b);
    }

    /**
     * The expression that a node completes.
     *
     * @param unrepeated undoes what was done to mean and variance after they were reduced, so that they fit x
     */
    static Optional<StandardScore> of(Node node, UnaryOperator<Value> unrepeated, GraphBuilder b) {
        if (node.op() == StandardOp.DIV) {
            return Patterns.operand(StandardOp.SQRT, node.input(1), b)
                    .flatMap(variance -> of(node.input(0), variance, Optional.empty(), unrepeated, b));
        }
        return node.op() == StandardOp.MUL
                ? Patterns.eitherOrder(node, (centred, scale) -> scaled(centred, scale, unrepeated, b))
                : Optional.empty();
    }

    /** An expression, possibly with something added to it. */
    record Shifted(StandardScore score, Optional<Value> shift) {}

    /** {@code x·s − mean·s}, possibly with a shift, which is {@code (x − mean)·s} multiplied out; s is the reciprocal root, possibly times a factor. */
    static Optional<Shifted> multipliedOut(Node node, GraphBuilder b) {
        return node.op() != StandardOp.ADD
                ? Optional.empty()
                : Patterns.eitherOrder(
                        node,
                        (product, rest) -> Patterns.node(StandardOp.MUL, product, b)
                                .flatMap(ofInput ->
                                        Patterns.eitherOrder(ofInput, (x, scale) -> multipliedOut(x, scale, rest, b))));
    }

    private static Optional<Shifted> multipliedOut(Value x, Value scale, Value rest, GraphBuilder b) {
        return centred(scale, b)
                .flatMap(centred -> scaled(centred, scale, value -> value, b))
                .filter(score -> score.x() == x)
                .flatMap(score -> isNegatedProduct(rest, score.mean(), scale, b)
                        ? Optional.of(new Shifted(score, Optional.empty()))
                        : shift(rest, score.mean(), scale, b).map(shift -> new Shifted(score, Optional.of(shift))));
    }

    /** What the product of mean and scale is subtracted from. */
    private static Optional<Value> shift(Value rest, Value mean, Value scale, GraphBuilder b) {
        return Patterns.node(StandardOp.SUB, rest, b)
                .filter(difference -> Patterns.isProduct(difference.input(1), mean, scale, b))
                .map(difference -> difference.input(0))
                .or(() -> Patterns.node(StandardOp.ADD, rest, b)
                        .flatMap(sum -> Patterns.eitherOrder(
                                sum,
                                (negated, shift) -> isNegatedProduct(negated, mean, scale, b)
                                        ? Optional.of(shift)
                                        : Optional.empty())));
    }

    private static boolean isNegatedProduct(Value value, Value mean, Value scale, GraphBuilder b) {
        return Patterns.node(StandardOp.MUL, value, b)
                .flatMap(product -> Patterns.eitherOrder(
                        product,
                        (negated, other) -> Patterns.operand(StandardOp.NEG, negated, b)
                                .filter(operand -> operand == mean && other == scale)))
                .isPresent();
    }

    /** The difference to the mean whose squares a reciprocal root is computed from. */
    private static Optional<Value> centred(Value scale, GraphBuilder b) {
        return inverseRoot(scale, b)
                .or(() -> Patterns.node(StandardOp.MUL, scale, b)
                        .flatMap(product -> Patterns.eitherOrder(product, (root, factor) -> inverseRoot(root, b))))
                .flatMap(sum -> Patterns.node(StandardOp.ADD, sum, b))
                .flatMap(sum -> Patterns.eitherOrder(
                        sum, (variance, epsilon) -> Patterns.reduction(StandardOp.REDUCE_MEAN, variance, b)))
                .flatMap(mean -> Patterns.squared(mean.input(), b));
    }

    boolean sameShapeAsInput() {
        return x == statistics && mean.rank() == x.rank();
    }

    private static Optional<StandardScore> scaled(
            Value centred, Value scale, UnaryOperator<Value> unrepeated, GraphBuilder b) {
        return inverseRoot(scale, b)
                .flatMap(variance -> of(centred, variance, Optional.empty(), unrepeated, b))
                .or(() -> Patterns.node(StandardOp.MUL, scale, b)
                        .flatMap(product -> Patterns.eitherOrder(
                                product,
                                (root, factor) -> inverseRoot(root, b)
                                        .flatMap(variance ->
                                                of(centred, variance, Optional.of(factor), unrepeated, b)))));
    }

    private static Optional<Value> inverseRoot(Value value, GraphBuilder b) {
        return Patterns.operand(StandardOp.RECIPROCAL, value, b)
                .or(() -> Patterns.node(StandardOp.DIV, value, b)
                        .filter(node -> Patterns.isNumber(node.input(0), 1))
                        .map(node -> node.input(1)))
                .flatMap(root -> Patterns.operand(StandardOp.SQRT, root, b));
    }

    private static Optional<StandardScore> of(
            Value centred,
            Value varianceAndEpsilon,
            Optional<Value> factor,
            UnaryOperator<Value> unrepeated,
            GraphBuilder b) {
        Optional<Node> difference = Patterns.node(StandardOp.SUB, centred, b);
        Optional<Node> sum = Patterns.node(StandardOp.ADD, varianceAndEpsilon, b);
        if (difference.isEmpty() || sum.isEmpty()) {
            return Optional.empty();
        }
        Value mean = unrepeated.apply(difference.get().input(1));
        Optional<Reduction> reduction = Patterns.reduction(StandardOp.REDUCE_MEAN, mean, b);
        return Patterns.eitherOrder(sum.get(), (repeated, added) -> {
            OptionalDouble epsilon = added.shape().elements().is(1) ? Patterns.number(added) : OptionalDouble.empty();
            Value variance = unrepeated.apply(repeated);
            boolean fits = reduction.isPresent()
                    && epsilon.isPresent()
                    && !reduction.get().axes().isEmpty()
                    && isVariance(variance, mean, reduction.get(), centred, b);
            return fits
                    ? Optional.of(new StandardScore(
                            difference.get().input(0),
                            difference.get().input(1),
                            reduction.get().input(),
                            reduction.get().axes().stream().sorted().toList(),
                            epsilon.getAsDouble(),
                            factor))
                    : Optional.empty();
        });
    }

    /** JAX bounds the difference of two means below by 0, as rounding may make it negative. */
    private static boolean isVariance(Value value, Value mean, Reduction of, Value centred, GraphBuilder b) {
        Value variance = Patterns.besides(0, StandardOp.MAX, value, b).orElse(value);
        boolean isDifference = Patterns.node(StandardOp.SUB, variance, b)
                .filter(node -> isMeanOfSquare(node.input(0), of.input(), of, b)
                        && Patterns.squared(node.input(1), b)
                                .filter(root -> root == mean)
                                .isPresent())
                .isPresent();
        return isDifference || isMeanOfSquare(variance, centred, of, b);
    }

    private static boolean isMeanOfSquare(Value value, Value root, Reduction like, GraphBuilder b) {
        return Patterns.reduction(StandardOp.REDUCE_MEAN, value, b)
                .filter(reduction -> reduction.axes().equals(like.axes())
                        && reduction.keepsAxes() == like.keepsAxes()
                        && Patterns.squared(reduction.input(), b)
                                .filter(squared -> squared == root)
                                .isPresent())
                .isPresent();
    }
}
