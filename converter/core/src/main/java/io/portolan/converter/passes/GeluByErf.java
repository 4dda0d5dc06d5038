package io.portolan.converter.passes;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes a product of ½, x and {@code 1 + erf(x/√2)}, in any order, as {@code (x·(1 + erf(x/√2)))·½} with the argument as a quotient: the
 * form that ONNX Runtime computes in one pass over x.
 */
public final class GeluByErf implements Pass {
    private static final double ROOT_OF_HALF = Math.sqrt(0.5);

    /** Of constants that were rounded to float. */
    private static final double ROUNDING = 1e-7;

    @Override
    public String name() {
        return "gelu-by-erf";
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(
                graph,
                (node, b) -> node.op() == StandardOp.MUL && node.output().element() == OnnxType.FLOAT
                        ? gelu(node, b).map(List::of)
                        : Optional.empty());
    }

    private static Optional<Value> gelu(Node product, GraphBuilder b) {
        List<Value> factors = factors(product, b);
        return factors.size() != 3
                ? Optional.empty()
                : factors.stream()
                        .filter(x -> x.shape().sameAs(product.output().shape())
                                && factors.stream().anyMatch(factor -> Patterns.isNumber(factor, 0.5))
                                && factors.stream().anyMatch(factor -> isTwiceTheDistribution(factor, x, b)))
                        .findFirst()
                        .map(x -> written(x, b));
    }

    /** The operands of a product, one of which may be a product itself. */
    private static List<Value> factors(Node product, GraphBuilder b) {
        List<Value> factors = new ArrayList<>();
        for (Value operand : product.inputs()) {
            Optional<Node> inner = Patterns.node(StandardOp.MUL, operand, b);
            if (inner.isPresent()) {
                factors.addAll(inner.get().inputs());
            } else {
                factors.add(operand);
            }
        }
        return factors;
    }

    /** Whether a value is {@code 1 + erf(x/√2)}: twice the normal distribution function. */
    private static boolean isTwiceTheDistribution(Value value, Value x, GraphBuilder b) {
        return Patterns.besides(1, StandardOp.ADD, value, b)
                .flatMap(erf -> Patterns.operand(StandardOp.ERF, erf, b))
                .filter(argument -> isScaled(argument, x, b))
                .isPresent();
    }

    private static boolean isScaled(Value argument, Value x, GraphBuilder b) {
        return Patterns.node(StandardOp.MUL, argument, b)
                        .flatMap(node -> Patterns.eitherOrder(
                                node,
                                (one, other) ->
                                        one == x && isNear(other, ROOT_OF_HALF) ? Optional.of(one) : Optional.empty()))
                        .isPresent()
                || Patterns.node(StandardOp.DIV, argument, b)
                        .filter(node -> node.input(0) == x && isNear(node.input(1), 1 / ROOT_OF_HALF))
                        .isPresent();
    }

    private static boolean isNear(Value constant, double number) {
        return Patterns.number(constant).stream().anyMatch(found -> Math.abs(found - number) < ROUNDING);
    }

    private static Value written(Value x, GraphBuilder b) {
        Value erf = b.apply(StandardOp.ERF, b.div(x, b.like(x, 1 / ROOT_OF_HALF)));
        return b.mul(b.mul(x, b.add(erf, b.like(x, 1))), b.like(x, 0.5));
    }
}
