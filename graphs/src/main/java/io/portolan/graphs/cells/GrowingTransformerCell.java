package io.portolan.graphs.cells;

import static io.portolan.graphs.cells.Coefficient.ZERO;
import static io.portolan.graphs.cells.Coefficient.gate;
import static io.portolan.graphs.cells.Coefficient.gated;
import static io.portolan.graphs.config.ModelOption.ADDITIVE_KV;
import static io.portolan.graphs.config.ModelOption.Q_SPATIAL;
import static io.portolan.graphs.config.ModelOption.Q_TEMPORAL;
import static io.portolan.graphs.config.ModelOption.SHARED_KERNEL;

import io.portolan.graphs.config.ActivationType;
import io.portolan.graphs.config.Options;
import io.portolan.graphs.layers.Activation;
import io.portolan.graphs.ops.ComplexTensor;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * GrowingTransformerCSSM and its variant whose query is a convolution ({@code docs/model.md}, section 2.14). The query's
 * spectrum at a step multiplies the system of key and value:
 *
 * <pre>
 *     Q_t = d_Q·K̂_Q·Q_(t−1) + B_Q·q̂      or      Q_t = rfft2(gelu(conv_thw(x)))
 *
 *     M = | d_K·Q·K̂_K     0     |     u = | B_K·k̂·Q |     y = D(irfft2(c·V))
 *         |   w·Q      d_V·K̂_V  |         |  B_V·v̂  |
 * </pre>
 *
 * The additive form has a gate of its own in place of w·Q, and adds the query, weighted by another, to V's input. One
 * kernel may serve all states.
 */
final class GrowingTransformerCell implements Cell {
    /** Where the query comes from. */
    enum Query {
        SCAN,
        CONVOLUTION
    }

    private final Query query;
    private final boolean additive;
    private final boolean sharedKernel;

    GrowingTransformerCell(Query query, Options options) {
        this.query = query;
        this.additive = options.flag(ADDITIVE_KV);
        this.sharedKernel = options.flag(SHARED_KERNEL);
    }

    @Override
    public Notation notation() {
        boolean scanned = query == Query.SCAN;
        List<String> key = List.of("d_K·Q·" + symbol("K"), "0");
        List<String> value = List.of(additive ? "w_KV" : "w·Q", "d_V·" + symbol("V"));
        return new Notation(
                scanned ? List.of("Q", "K", "V") : List.of("K", "V"),
                scanned
                        ? List.of(
                                List.of("d_Q·" + symbol("Q"), "0", "0"),
                                List.of("0", key.get(0), key.get(1)),
                                List.of("0", value.get(0), value.get(1)))
                        : List.of(key, value),
                sharedKernel
                        ? Notation.symbols("kernel", "K̂")
                        : Notation.joined(
                                scanned ? Notation.symbols("kernel_q", "K̂_Q") : Map.of(),
                                Notation.symbols("kernel_k", "K̂_K", "kernel_v", "K̂_V")),
                Notation.joined(
                        scanned ? Notation.symbols("d_Q", "d_Q", "B_Q", "B_Q") : Map.of(),
                        Notation.symbols("d_K", "d_K", "d_V", "d_V"),
                        additive
                                ? Notation.symbols("d_Q_to_V", "w_QV", "d_K_to_V", "w_KV")
                                : Notation.symbols("w_KV", "w"),
                        Notation.symbols("B_K", "B_K", "B_V", "B_V", "C_gate", "c")));
    }

    private String symbol(String state) {
        return sharedKernel ? "K̂" : "K̂_" + state;
    }

    @Override
    public FeatureSequence apply(CellBuilder in, FeatureSequence sequence) {
        int channels = in.map().channels();
        Gates gates = in.gates(in.context(sequence));
        boolean scanned = query == Query.SCAN;
        Projection projection =
                scanned ? in.projection("qkv_proj", sequence, 3) : in.projection("kv_proj", sequence, 2);
        ComplexTensor q = scanned ? scanned(in, gates, projection.spectrum(0)) : convolved(in, sequence);
        ComplexTensor k = projection.spectrum(scanned ? 1 : 0);
        ComplexTensor v = projection.spectrum(scanned ? 2 : 1);

        Coefficient keyToKey = gated(q.times(kernel(in, "kernel_k")), gates.decay("d_K"));
        Coefficient valueToValue = gated(kernel(in, "kernel_v"), gates.decay("d_V"));
        Coefficient keyToValue = additive ? gate(gates.sigmoid("d_K_to_V")) : gated(q, gates.sigmoid("w_KV"));
        ComplexTensor forKey = k.times(q).times(gates.sigmoid("B_K"));
        ComplexTensor forValue = v.times(gates.sigmoid("B_V"));
        LinearSystem system = new LinearSystem(
                List.of(List.of(keyToKey, ZERO), List.of(keyToValue, valueToValue)),
                List.of(InputGate.ONE, InputGate.ONE));
        ComplexTensor value = in.states(
                        system,
                        List.of(forKey, additive ? forValue.plus(q.times(gates.sigmoid("d_Q_to_V"))) : forValue))
                .get(1);
        Operand<TFloat32> c = in.read(gates.sigmoid("C_gate"));
        return in.sequence(in.dense("output_proj", in.irfft2(value.times(c)), channels));
    }

    private ComplexTensor scanned(CellBuilder in, Gates gates, ComplexTensor q) {
        LinearSystem system =
                LinearSystem.of(gated(kernel(in, "kernel_q"), gates.decay("d_Q")), InputGate.of(gates.sigmoid("B_Q")));
        return in.statesOfEveryStep(system, List.of(q)).get(0);
    }

    private static ComplexTensor convolved(CellBuilder in, FeatureSequence x) {
        int steps = in.options().count(Q_TEMPORAL);
        int side = in.options().count(Q_SPATIAL);
        return in.fft()
                .rfft2(Activation.apply(
                        in.tf(), ActivationType.GELU, in.causalConvolution("q_conv_kernel", x, steps, side)));
    }

    private ComplexTensor kernel(CellBuilder in, String name) {
        return in.kernels().spectrum(sharedKernel ? "kernel" : name);
    }
}
