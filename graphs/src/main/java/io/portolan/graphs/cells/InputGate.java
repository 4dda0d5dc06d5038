package io.portolan.graphs.cells;

import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * The factor of a state's input, {@code gate · e^logScale}; both are {@code (B, T, 1, H, F)}. They are kept apart
 * because the log-space form floors the gated input before it scales it.
 */
record InputGate(Optional<Operand<TFloat32>> gate, Optional<Operand<TFloat32>> logScale) {
    /** No factor. */
    static final InputGate ONE = new InputGate(Optional.empty(), Optional.empty());

    static InputGate of(Operand<TFloat32> gate) {
        return new InputGate(Optional.of(gate), Optional.empty());
    }

    static InputGate scaled(Operand<TFloat32> gate, Operand<TFloat32> logScale) {
        return new InputGate(Optional.of(gate), Optional.of(logScale));
    }
}
