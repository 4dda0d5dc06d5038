package io.portolan.graphs.cells;

import static io.portolan.graphs.cells.Coefficient.ZERO;
import static io.portolan.graphs.cells.Coefficient.gate;
import static io.portolan.graphs.cells.Coefficient.gated;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * TransformerCSSM ({@code docs/model.md}, section 2.6). Query Q and key K drive each other through one kernel; the
 * attention A integrates both and feeds back to Q:
 *
 * <pre>
 *         | d_Q   w·k   α·k |        | B_Q·û_Q |
 *     M = | w·k   d_K    0  |    u = | B_K·û_K |
 *         |  γ     γ    d_A |        | B_A·û_A |
 * </pre>
 */
final class TransformerCell implements Cell {
    // spotless:off
    private static final Notation NOTATION = new Notation(
            List.of("Q", "K", "A"),
            List.of(
                    List.of("d_Q", "w·K̂", "α·K̂"),
                    List.of("w·K̂", "d_K", "0"),
                    List.of("γ", "γ", "d_A")),
            Notation.symbols("kernel", "K̂"),
            Notation.symbols(
                    "decay_Q", "d_Q", "decay_K", "d_K", "decay_A", "d_A", "w_qk", "w", "alpha", "α", "gamma", "γ",
                    "B_Q", "B_Q", "B_K", "B_K", "B_A", "B_A", "C_gate", "c"));
    // spotless:on

    @Override
    public Notation notation() {
        return NOTATION;
    }

    @Override
    public boolean gatesSeeTime() {
        return true;
    }

    @Override
    public LinearSystem system(Gates gates, Kernels kernels) {
        ComplexTensor k = kernels.spectrum("kernel");
        Operand<TFloat32> w = gates.sigmoid("w_qk");
        Operand<TFloat32> alpha = gates.sigmoid("alpha");
        Operand<TFloat32> gamma = gates.sigmoid("gamma");
        Operand<TFloat32> dQ = gates.decay("decay_Q");
        Operand<TFloat32> dK = gates.decay("decay_K");
        Operand<TFloat32> dA = gates.decay("decay_A");
        // spotless:off
        return new LinearSystem(
                List.of(
                        List.of(gate(dQ),    gated(k, w), gated(k, alpha)),
                        List.of(gated(k, w), gate(dK),    ZERO),
                        List.of(gate(gamma), gate(gamma), gate(dA))),
                List.of(
                        InputGate.of(gates.sigmoid("B_Q")),
                        InputGate.of(gates.sigmoid("B_K")),
                        InputGate.of(gates.sigmoid("B_A"))),
                gates.sigmoid("C_gate"));
        // spotless:on
    }
}
