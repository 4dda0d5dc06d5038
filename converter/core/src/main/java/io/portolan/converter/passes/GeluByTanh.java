package io.portolan.converter.passes;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.Optional;

/**
 * Writes {@code x·(½·(1 + tanh(c·(x + d·x³))))} as {@code (½·x)·(1 + tanh(c·(x + d·x³)))} with the cube as a power: the form that ONNX
 * Runtime computes in one pass over x. The factor ½ rounds nothing, wherever it stands.
 */
public final class GeluByTanh implements Pass {
    @Override
    public String name() {
        return "gelu-by-tanh";
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(
                graph,
                (node, b) -> node.op() == StandardOp.MUL
                        ? Patterns.eitherOrder(node, (x, half) -> rewritten(x, half, b))
                                .map(List::of)
                        : Optional.empty());
    }

    private static Optional<Value> rewritten(Value x, Value halved, GraphBuilder b) {
        if (x.element() != OnnxType.FLOAT || !x.shape().sameAs(halved.shape())) {
            return Optional.empty();
        }
        return Patterns.besides(0.5, StandardOp.MUL, halved, b)
                .flatMap(sum -> Patterns.besides(1, StandardOp.ADD, sum, b))
                .flatMap(tanh -> Patterns.operand(StandardOp.TANH, tanh, b))
                .flatMap(argument -> Patterns.node(StandardOp.MUL, argument, b))
                .flatMap(scaled -> Patterns.eitherOrder(scaled, (c, sum) -> inner(x, c, sum, b)))
                .map(argument ->
                        b.mul(b.mul(x, b.like(x, 0.5)), b.add(b.apply(StandardOp.TANH, argument), b.like(x, 1))));
    }

    /** {@code c·(x + d·x³)} with the cube as a power. */
    private static Optional<Value> inner(Value x, Value c, Value sum, GraphBuilder b) {
        if (!isScalar(c)) {
            return Optional.empty();
        }
        return Patterns.node(StandardOp.ADD, sum, b)
                .flatMap(node -> Patterns.eitherOrder(
                        node, (one, other) -> one == x ? factorOfCube(x, other, b) : Optional.empty()))
                .map(d -> {
                    Value cube = b.apply(StandardOp.POW, x, b.like(x, 3));
                    return b.mul(b.add(x, b.mul(cube, d)), c);
                });
    }

    private static Optional<Value> factorOfCube(Value x, Value product, GraphBuilder b) {
        return Patterns.node(StandardOp.MUL, product, b)
                .flatMap(node -> Patterns.eitherOrder(
                        node, (d, cube) -> isScalar(d) && isCube(cube, x, b) ? Optional.of(d) : Optional.empty()));
    }

    private static boolean isCube(Value value, Value x, GraphBuilder b) {
        Optional<Node> product = Patterns.node(StandardOp.MUL, value, b);
        return product.isPresent()
                && Patterns.eitherOrder(
                                product.get(),
                                (one, square) -> Patterns.squared(square, b).filter(root -> root == x && one == x))
                        .isPresent();
    }

    private static boolean isScalar(Value value) {
        return value.isConstant() && value.rank() == 0;
    }
}
