package io.portolan.graphs.cells;

import static io.portolan.graphs.cells.Coefficient.ZERO;
import static io.portolan.graphs.cells.Coefficient.gate;
import static io.portolan.graphs.cells.Coefficient.gated;
import static io.portolan.graphs.config.ModelOption.NO_FEEDBACK;
import static io.portolan.graphs.config.ModelOption.NO_SPECTRAL_CLIP;
import static io.portolan.graphs.config.ModelOption.POSITION_INDEPENDENT_GATES;

import io.portolan.graphs.config.Options;
import io.portolan.graphs.ops.ComplexTensor;
import java.util.List;
import java.util.Map;

/**
 * TransformerCSSM without the key ({@code docs/model.md}, section 2.6):
 *
 * <pre>
 *     M = | d_Q   α·k |    u = | B_Q·û_Q |
 *         |  γ    d_A |        | B_A·û_A |
 * </pre>
 */
final class QueryAttentionCell implements LinearCell {
    private final Options options;

    QueryAttentionCell(Options options) {
        this.options = options;
    }

    @Override
    public Notation notation() {
        boolean feedback = !options.flag(NO_FEEDBACK);
        return new Notation(
                List.of("Q", "A"),
                List.of(List.of("d_Q", feedback ? "α·K̂" : "0"), List.of("γ", "d_A")),
                Notation.symbols("kernel", "K̂"),
                Notation.joined(
                        Notation.symbols("decay_Q", "d_Q", "decay_A", "d_A"),
                        feedback ? Notation.symbols("alpha", "α") : Map.of(),
                        Notation.symbols("gamma", "γ", "B_Q", "B_Q", "B_A", "B_A", "C_gate", "c")));
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
        Coefficient feedback = options.flag(NO_FEEDBACK) ? ZERO : gated(k, gates.sigmoid("alpha"));
        // spotless:off
        return new LinearSystem(
                List.of(
                        List.of(gate(gates.decay("decay_Q")), feedback),
                        List.of(gate(gates.sigmoid("gamma")), gate(gates.decay("decay_A")))),
                List.of(
                        InputGate.of(gates.sigmoid("B_Q")),
                        InputGate.of(gates.sigmoid("B_A"))));
        // spotless:on
    }
}
