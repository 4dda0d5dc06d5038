package io.portolan.converter.passes.recurrent;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.passes.Patterns;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * An activation function of ONNX's recurrent layers.
 *
 * @param name ONNX's name
 * @param alpha its first parameter, if it has parameters
 * @param beta its second parameter, if it has parameters
 */
record Activation(String name, float alpha, float beta) {
    private static final String HARD_SIGMOID = "HardSigmoid";

    /**
     * An activation and its argument.
     *
     * @param argument the value that it is applied to
     */
    record Applied(Activation activation, Value argument) {}

    boolean hasParameters() {
        return name.equals(HARD_SIGMOID);
    }

    /** The activation that computes a value; empty if there is none of those that ONNX knows. */
    static Optional<Applied> of(Value value, GraphBuilder b) {
        return b.graph().producer(value).flatMap(node -> {
            if (node.op() == StandardOp.CLIP) {
                return hardSigmoid(value, b);
            }
            String name = node.op() == StandardOp.SIGMOID
                    ? "Sigmoid"
                    : node.op() == StandardOp.TANH ? "Tanh" : node.op() == StandardOp.RELU ? "Relu" : null;
            return Optional.ofNullable(name).map(known -> new Applied(new Activation(known, 0, 0), node.input(0)));
        });
    }

    /** {@code max(0, min(1, alpha·x + beta))}. */
    private static Optional<Applied> hardSigmoid(Value value, GraphBuilder b) {
        return Patterns.node(StandardOp.CLIP, value, b)
                .filter(clip -> clip.inputs().size() == 3
                        && Patterns.isNumber(clip.input(1), 0)
                        && Patterns.isNumber(clip.input(2), 1))
                .flatMap(clip -> Patterns.node(StandardOp.ADD, clip.input(0), b))
                .flatMap(sum -> Patterns.eitherOrder(sum, (scaled, beta) -> scaled(scaled, Patterns.number(beta), b)));
    }

    private static Optional<Applied> scaled(Value value, OptionalDouble beta, GraphBuilder b) {
        if (beta.isEmpty()) {
            return Optional.empty();
        }
        return Patterns.node(StandardOp.MUL, value, b)
                .flatMap(product -> Patterns.eitherOrder(
                        product,
                        (x, alpha) -> Patterns.number(alpha).isPresent()
                                ? Optional.of(new Applied(
                                        new Activation(
                                                HARD_SIGMOID,
                                                (float) Patterns.number(alpha).getAsDouble(),
                                                (float) beta.getAsDouble()),
                                        x))
                                : Optional.empty()));
    }
}
