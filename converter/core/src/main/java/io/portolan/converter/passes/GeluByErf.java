package io.portolan.converter.passes;

import io.portolan.converter.ir.ComposedOp;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * Writes a product of x, ½ and {@code 1 + erf(x/√2)}, in any order and with any of the forms of the sum that {@link #distribution} knows, as
 * {@code (x·(1 + erf(x/√2)))·½} with the argument as a quotient: the form that ONNX Runtime computes in one pass over x. The sum is rounded at
 * 1, so the result is exact to 6e-8 of x, and not to its own last digit as the product with the complement {@code erfc(−x/√2)} is.
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
                (node, b) -> operands(node, b).isEmpty() || node.output().element() != OnnxType.FLOAT
                        ? Optional.empty()
                        : gelu(node, b).map(List::of));
    }

    private static Optional<Value> gelu(Node product, GraphBuilder b) {
        return factors(product, b)
                .flatMap(factors -> factors.stream()
                        .filter(x -> x.shape().sameAs(product.output().shape()) && isGelu(x, factors, b)))
                .findFirst()
                .map(x -> written(x, b));
    }

    /** The operands of a product; a quotient by a number is a product with its reciprocal. */
    private static List<Value> operands(Node node, GraphBuilder b) {
        if (node.op() == StandardOp.MUL) {
            return node.inputs();
        }
        OptionalDouble divisor = node.op() == StandardOp.DIV ? Patterns.number(node.input(1)) : OptionalDouble.empty();
        return divisor.isPresent()
                ? List.of(node.input(0), b.like(node.input(0), 1 / divisor.getAsDouble()))
                : List.of();
    }

    /** The operands of a product, and the same with one of them replaced by its own operands if it is a product. */
    private static Stream<List<Value>> factors(Node product, GraphBuilder b) {
        List<Value> operands = operands(product, b);
        Value first = operands.get(0);
        Value second = operands.get(1);
        return Stream.concat(
                Stream.of(operands),
                Stream.concat(
                        inner(first, b).map(inner -> List.of(inner.get(0), inner.get(1), second)),
                        inner(second, b).map(inner -> List.of(first, inner.get(0), inner.get(1)))));
    }

    private static Stream<List<Value>> inner(Value operand, GraphBuilder b) {
        return b.graph().producer(operand).map(node -> operands(node, b)).filter(inner -> !inner.isEmpty()).stream();
    }

    /** Whether the factors besides x are numbers and one multiple of the distribution, half of the sum altogether. */
    private static boolean isGelu(Value x, List<Value> factors, GraphBuilder b) {
        List<Value> others = factors.stream()
                .filter(factor -> factor != x && !factor.isConstant())
                .toList();
        double numbers = factors.stream()
                .filter(Value::isConstant)
                .mapToDouble(factor -> Patterns.number(factor).orElse(Double.NaN))
                .reduce(1, (one, other) -> one * other);
        return others.size() == 1 && distribution(others.get(0), x, b) * numbers == 0.5;
    }

    /**
     * The factor k of a value {@code k + k·erf(x/√2)}, which is also {@code k − k·erf(−x/√2)} and, for 1, {@code erfc(−x/√2)}; NaN if the value
     * is none of these.
     */
    private static double distribution(Value value, Value x, GraphBuilder b) {
        boolean isComplement = Patterns.operand(ComposedOp.ERFC, value, b)
                .filter(argument -> isNear(scale(argument, x, b), -ROOT_OF_HALF))
                .isPresent();
        return isComplement
                ? 1
                : Patterns.node(StandardOp.ADD, value, b)
                        .flatMap(sum -> Patterns.eitherOrder(sum, (k, term) -> factor(k, term, ROOT_OF_HALF, x, b)))
                        .or(() -> Patterns.node(StandardOp.SUB, value, b)
                                .flatMap(difference ->
                                        factor(difference.input(0), difference.input(1), -ROOT_OF_HALF, x, b)))
                        .orElse(Double.NaN);
    }

    /** The number k, if the term is {@code k·erf(scale·x)}. */
    private static Optional<Double> factor(Value k, Value term, double scale, Value x, GraphBuilder b) {
        OptionalDouble number = Patterns.number(k);
        if (number.isEmpty()) {
            return Optional.empty();
        }
        double found = number.getAsDouble();
        return (found == 1 ? Optional.of(term) : Patterns.besides(found, StandardOp.MUL, term, b))
                .flatMap(erf -> Patterns.operand(StandardOp.ERF, erf, b))
                .filter(argument -> isNear(scale(argument, x, b), scale))
                .map(argument -> found);
    }

    /** The number by which a value is a multiple of x; NaN if it is none. */
    private static double scale(Value value, Value x, GraphBuilder b) {
        if (value == x) {
            return 1;
        }
        Optional<Value> negated = Patterns.operand(StandardOp.NEG, value, b);
        if (negated.isPresent()) {
            return -scale(negated.get(), x, b);
        }
        List<Value> operands =
                b.graph().producer(value).map(node -> operands(node, b)).orElse(List.of());
        return operands.stream()
                .filter(Value::isConstant)
                .findFirst()
                .map(number -> Patterns.number(number).orElse(Double.NaN)
                        * scale(operands.get(number == operands.get(0) ? 1 : 0), x, b))
                .orElse(Double.NaN);
    }

    private static boolean isNear(double number, double expected) {
        return Math.abs(number - expected) < ROUNDING;
    }

    private static Value written(Value x, GraphBuilder b) {
        Value erf = b.apply(StandardOp.ERF, b.div(x, b.like(x, 1 / ROOT_OF_HALF)));
        return b.mul(b.mul(x, b.add(erf, b.like(x, 1))), b.like(x, 0.5));
    }
}
