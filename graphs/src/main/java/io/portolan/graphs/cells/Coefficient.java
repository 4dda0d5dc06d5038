package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * An entry of a cell's transition matrix: the product {@code kernel · gate · e^logScale} of the factors that are
 * present, or zero if there are none. The factors are kept apart because the log-space form floors the first two before
 * it scales them ({@code docs/model.md}, section 2.8), and because entries that share a kernel can share its product
 * with the states.
 *
 * @param kernel a spatial kernel's spectrum, {@code (C, H, F)}
 * @param gate {@code (B, T, 1, H, F)}
 * @param logScale {@code (B, T, 1, H, F)}
 */
record Coefficient(
        Optional<ComplexTensor> kernel, Optional<Operand<TFloat32>> gate, Optional<Operand<TFloat32>> logScale) {

    static final Coefficient ZERO = new Coefficient(Optional.empty(), Optional.empty(), Optional.empty());

    static Coefficient gate(Operand<TFloat32> gate) {
        return new Coefficient(Optional.empty(), Optional.of(gate), Optional.empty());
    }

    /** A spectrum {@code (C, H, F)}, or {@code (B, T, C, H, F)} where it depends on the step. */
    static Coefficient of(ComplexTensor spectrum) {
        return new Coefficient(Optional.of(spectrum), Optional.empty(), Optional.empty());
    }

    static Coefficient gated(ComplexTensor kernel, Operand<TFloat32> gate) {
        return new Coefficient(Optional.of(kernel), Optional.of(gate), Optional.empty());
    }

    static Coefficient damped(ComplexTensor kernel, Operand<TFloat32> logScale) {
        return new Coefficient(Optional.of(kernel), Optional.empty(), Optional.of(logScale));
    }

    /** {@code kernel · gate}, in any shape that broadcasts to {@code (B, T, C, H, F)}. */
    ComplexTensor unscaled(Ops tf) {
        Operand<TFloat32> factor = gate.orElseGet(() -> tf.constant(isZero() ? 0f : 1f));
        return kernel.map(spectrum -> spectrum.times(factor))
                .orElseGet(() -> new ComplexTensor(tf, factor, tf.zerosLike(factor)));
    }

    boolean isZero() {
        return kernel.isEmpty() && gate.isEmpty();
    }
}
