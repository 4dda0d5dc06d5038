package io.portolan.graphs.cells;

import static io.portolan.graphs.cells.Coefficient.ZERO;
import static io.portolan.graphs.cells.Coefficient.gate;
import static io.portolan.graphs.cells.Coefficient.gated;
import static io.portolan.graphs.config.ModelOption.ASYMMETRIC_QK;
import static io.portolan.graphs.config.ModelOption.NO_FEEDBACK;
import static io.portolan.graphs.config.ModelOption.NO_SPECTRAL_CLIP;
import static io.portolan.graphs.config.ModelOption.POSITION_INDEPENDENT_GATES;
import static io.portolan.graphs.config.ModelOption.TRANSFORMER_READOUT;
import static io.portolan.graphs.config.ModelOption.USE_LAYERNORM;

import io.portolan.graphs.config.Options;
import io.portolan.graphs.ops.ComplexTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * TransformerCSSM ({@code docs/model.md}, section 2.6). Query Q and key K drive each other through one kernel; attention
 * A sums up both and feeds back to Q:
 *
 * <pre>
 *         | d_Q   w·k   α·k |        | B_Q·û_Q |
 *     M = | w·k   d_K    0  |    u = | B_K·û_K |
 *         |  γ     γ    d_A |        | B_A·û_A |
 * </pre>
 *
 * Options give the two couplings w gates of their own, leave out the feedback α, keep the kernel as it is, normalise the
 * states, or read only some of them.
 */
final class TransformerCell implements LinearCell {
    private final Options options;

    TransformerCell(Options options) {
        this.options = options;
    }

    @Override
    public Notation notation() {
        boolean asymmetric = options.flag(ASYMMETRIC_QK);
        boolean feedback = !options.flag(NO_FEEDBACK);
        Map<String, String> couplings =
                asymmetric ? Notation.symbols("w_k_to_q", "w_KQ", "w_q_to_k", "w_QK") : Notation.symbols("w_qk", "w");
        // spotless:off
        return new Notation(
                List.of("Q", "K", "A"),
                List.of(
                        List.of("d_Q", asymmetric ? "w_KQ·K̂" : "w·K̂", feedback ? "α·K̂" : "0"),
                        List.of(asymmetric ? "w_QK·K̂" : "w·K̂", "d_K", "0"),
                        List.of("γ", "γ", "d_A")),
                Notation.symbols("kernel", "K̂"),
                Notation.joined(
                        Notation.symbols("decay_Q", "d_Q", "decay_K", "d_K", "decay_A", "d_A"),
                        couplings,
                        feedback ? Notation.symbols("alpha", "α") : Map.of(),
                        Notation.symbols("gamma", "γ", "B_Q", "B_Q", "B_K", "B_K", "B_A", "B_A", "C_gate", "c")));
        // spotless:on
    }

    @Override
    public GateContext context() {
        return options.flag(POSITION_INDEPENDENT_GATES)
                ? GateContext.MEAN_WITHOUT_POSITIONS
                : GateContext.MEAN_AND_TIME;
    }

    @Override
    public boolean squashesKernels() {
        return !options.flag(NO_SPECTRAL_CLIP);
    }

    @Override
    public LinearSystem system(Gates gates, Kernels kernels) {
        ComplexTensor k = squashesKernels() ? kernels.spectrum("kernel") : kernels.unsquashed("kernel");
        boolean asymmetric = options.flag(ASYMMETRIC_QK);
        Operand<TFloat32> wKQ = gates.sigmoid(asymmetric ? "w_k_to_q" : "w_qk");
        Operand<TFloat32> wQK = asymmetric ? gates.sigmoid("w_q_to_k") : wKQ;
        Coefficient feedback = options.flag(NO_FEEDBACK) ? ZERO : gated(k, gates.sigmoid("alpha"));
        Operand<TFloat32> gamma = gates.sigmoid("gamma");
        Operand<TFloat32> dQ = gates.decay("decay_Q");
        Operand<TFloat32> dK = gates.decay("decay_K");
        Operand<TFloat32> dA = gates.decay("decay_A");
        // spotless:off
        return new LinearSystem(
                List.of(
                        List.of(gate(dQ),      gated(k, wKQ), feedback),
                        List.of(gated(k, wQK), gate(dK),      ZERO),
                        List.of(gate(gamma),   gate(gamma),   gate(dA))),
                List.of(
                        InputGate.of(gates.sigmoid("B_Q")),
                        InputGate.of(gates.sigmoid("B_K")),
                        InputGate.of(gates.sigmoid("B_A"))));
        // spotless:on
    }

    @Override
    public Wiring wiring() {
        List<Integer> read = new ArrayList<>();
        options.text(TRANSFORMER_READOUT).chars().forEach(state -> read.add("qka".indexOf(state)));
        return new Wiring(true, read, read.size() > 1, options.flag(USE_LAYERNORM));
    }
}
