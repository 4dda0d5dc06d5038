package io.portolan.graphs.cells;

import static io.portolan.graphs.cells.Coefficient.gate;
import static io.portolan.graphs.cells.Coefficient.gated;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * HGRUBilinearCSSM ({@code docs/model.md}, section 2.7). Y and Z inhibit X through one kernel, X and Z excite Y through
 * the other, and Z integrates both. Despite the name there is no product of states:
 *
 * <pre>
 *         |   d_x     −μ_I·k_I   −α_I·k_I |        | B·û_X |
 *     M = | μ_E·k_E     d_y       α_E·k_E |    u = | D·û_Y |
 *         |    γ         δ          d_z   |        | E·û_Z |
 * </pre>
 */
final class HgruBilinearCell implements LinearCell {
    // spotless:off
    private static final Notation NOTATION = new Notation(
            List.of("X", "Y", "Z"),
            List.of(
                    List.of("d_x", "−μ_I·K̂_I", "−α_I·K̂_I"),
                    List.of("μ_E·K̂_E", "d_y", "α_E·K̂_E"),
                    List.of("γ", "δ", "d_z")),
            Notation.symbols("k_exc", "K̂_E", "k_inh", "K̂_I"),
            Notation.symbols(
                    "decay_x_gate", "d_x", "decay_y_gate", "d_y", "decay_z_gate", "d_z",
                    "mu_inhib_gate", "μ_I", "mu_excit_gate", "μ_E", "alpha_inhib_gate", "α_I", "alpha_excit_gate", "α_E",
                    "gamma_gate", "γ", "delta_gate", "δ", "B_gate", "B", "D_gate", "D", "E_gate", "E", "C_gate", "c"));
    // spotless:on

    @Override
    public Notation notation() {
        return NOTATION;
    }

    @Override
    public GateContext context() {
        return GateContext.MEAN_AND_TIME;
    }

    @Override
    public LinearSystem system(Gates gates, Kernels kernels) {
        ComplexTensor excite = kernels.spectrum("k_exc");
        ComplexTensor inhibit = kernels.spectrum("k_inh").negate();
        Operand<TFloat32> muI = gates.sigmoid("mu_inhib_gate");
        Operand<TFloat32> muE = gates.sigmoid("mu_excit_gate");
        Operand<TFloat32> alphaI = gates.sigmoid("alpha_inhib_gate");
        Operand<TFloat32> alphaE = gates.sigmoid("alpha_excit_gate");
        Operand<TFloat32> gamma = gates.sigmoid("gamma_gate");
        Operand<TFloat32> delta = gates.sigmoid("delta_gate");
        Operand<TFloat32> dX = gates.decay("decay_x_gate");
        Operand<TFloat32> dY = gates.decay("decay_y_gate");
        Operand<TFloat32> dZ = gates.decay("decay_z_gate");
        // spotless:off
        return new LinearSystem(
                List.of(
                        List.of(gate(dX),          gated(inhibit, muI), gated(inhibit, alphaI)),
                        List.of(gated(excite, muE), gate(dY),           gated(excite, alphaE)),
                        List.of(gate(gamma),       gate(delta),         gate(dZ))),
                List.of(
                        InputGate.of(gates.sigmoid("B_gate")),
                        InputGate.of(gates.sigmoid("D_gate")),
                        InputGate.of(gates.sigmoid("E_gate"))));
        // spotless:on
    }
}
