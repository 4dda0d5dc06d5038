package io.portolan.graphs.cells;

import static io.portolan.graphs.cells.Coefficient.ZERO;
import static io.portolan.graphs.cells.Coefficient.gate;
import static io.portolan.graphs.cells.Coefficient.gated;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Sum;
import org.tensorflow.types.TFloat32;

/**
 * AdditiveCSSM ({@code docs/model.md}, section 2.12). Query Q drives key K through one kernel, value V sums up both, and
 * nothing flows back:
 *
 * <pre>
 *         | d_Q·K̂    0      0  |
 *     M = | w·K̂    d_K·K̂    0  |     u = (B_Q·q̂, B_K·k̂, B_V·v̂)     y = D(irfft2(c·V))
 *         |  γ       γ     d_V |
 * </pre>
 *
 * With two states there is no K; the only one of one state is X with {@code d_X·K̂}. The delta rule divides q and k by
 * their lengths over channels, forgets more, {@code d_V·(1 − β)}, and reads V in the phase of Q: {@code V·Q̄ / |Q|}.
 */
final class AdditiveCell implements Cell {
    /** Which states there are. */
    enum Form {
        ONE("x_proj", List.of("X")),
        TWO("qv_proj", List.of("Q", "V")),
        THREE("qkv_proj", List.of("Q", "K", "V")),
        DELTA("qkv_proj", List.of("Q", "K", "V"));

        private final String projection;
        private final List<String> states;

        Form(String projection, List<String> states) {
            this.projection = projection;
            this.states = states;
        }
    }

    private static final float EPSILON = 1e-6f;

    private final Form form;

    AdditiveCell(Form form) {
        this.form = form;
    }

    @Override
    public Notation notation() {
        // spotless:off
        return switch (form) {
            case ONE -> notation(
                    List.of(List.of("d_X·K̂")),
                    Notation.symbols("d_X", "d_X", "B_X", "B_X"));
            case TWO -> notation(
                    List.of(
                            List.of("d_Q·K̂", "0"),
                            List.of("γ",     "d_V")),
                    Notation.symbols("d_Q", "d_Q", "d_V", "d_V", "gamma", "γ", "B_Q", "B_Q", "B_V", "B_V"));
            case THREE -> ofThree("d_V", Notation.symbols());
            case DELTA -> ofThree("d_V·(1 − β)", Notation.symbols("beta", "β"));
        };
        // spotless:on
    }

    private Notation ofThree(String memory, Map<String, String> others) {
        // spotless:off
        return notation(
                List.of(
                        List.of("d_Q·K̂", "0",     "0"),
                        List.of("w·K̂",   "d_K·K̂", "0"),
                        List.of("γ",     "γ",     memory)),
                Notation.joined(
                        Notation.symbols("d_Q", "d_Q", "d_K", "d_K", "d_V", "d_V", "w_kq", "w", "gamma", "γ"),
                        others,
                        Notation.symbols("B_Q", "B_Q", "B_K", "B_K", "B_V", "B_V")));
        // spotless:on
    }

    private Notation notation(List<List<String>> transition, Map<String, String> gates) {
        return new Notation(
                form.states,
                transition,
                Notation.symbols("kernel", "K̂"),
                Notation.joined(gates, Notation.symbols("C_gate", "c")));
    }

    @Override
    public FeatureSequence apply(CellBuilder in, FeatureSequence sequence) {
        int channels = in.map().channels();
        int states = form.states.size();
        GateSet gates = in.gateSet(sequence);
        Projection projection = in.projection(form.projection, sequence, states);
        List<ComplexTensor> inputs = new ArrayList<>();
        for (int i = 0; i < states; i++) {
            String gate = "B_" + form.states.get(i);
            boolean isOfUnitLength = form == Form.DELTA && i < states - 1;
            inputs.add(
                    isOfUnitLength
                            ? gates.input(gate, ofUnitLength(in, projection.map(i)))
                            : gates.input(gate, projection, i));
        }
        List<ComplexTensor> solved = in.states(system(in, gates), inputs, InitialStates.of(in, states));
        ComplexTensor value = solved.get(states - 1);
        ComplexTensor seen = form == Form.DELTA ? inPhaseOf(in.tf(), solved.get(0), value) : value;
        return in.sequence(in.dense("output_proj", gates.output("C_gate", seen), channels));
    }

    private LinearSystem system(CellBuilder in, GateSet gates) {
        ComplexTensor k = in.kernels().spectrum("kernel");
        List<InputGate> ones = form.states.stream().map(state -> InputGate.ONE).toList();
        if (form == Form.ONE) {
            return new LinearSystem(List.of(List.of(gated(k, gates.decay("d_X")))), ones);
        }
        Coefficient gamma = gate(gates.coupling("gamma"));
        Coefficient q = gated(k, gates.decay("d_Q"));
        Operand<TFloat32> v = gates.decay("d_V");
        if (form == Form.TWO) {
            return new LinearSystem(List.of(List.of(q, ZERO), List.of(gamma, gate(v))), ones);
        }
        Coefficient coupling = gated(k, gates.coupling("w_kq"));
        Coefficient key = gated(k, gates.decay("d_K"));
        Coefficient value = gate(form == Form.DELTA ? in.times(v, in.oneMinus(gates.coupling("beta"))) : v);
        // spotless:off
        return new LinearSystem(
                List.of(
                        List.of(q,        ZERO,  ZERO),
                        List.of(coupling, key,   ZERO),
                        List.of(gamma,    gamma, value)),
                ones);
        // spotless:on
    }

    private static Operand<TFloat32> ofUnitLength(CellBuilder in, Operand<TFloat32> x) {
        Ops tf = in.tf();
        Operand<TFloat32> squares = tf.sum(tf.math.square(x), tf.constant(-1), Sum.keepDims(true));
        // The root has no derivative at 0.
        Operand<TFloat32> length = tf.math.sqrt(tf.math.maximum(squares, tf.constant(Float.MIN_NORMAL)));
        return tf.math.div(x, tf.math.add(length, tf.constant(EPSILON)));
    }

    private static ComplexTensor inPhaseOf(Ops tf, ComplexTensor query, ComplexTensor value) {
        Operand<TFloat32> magnitude = tf.math.add(query.magnitude(), tf.constant(EPSILON));
        return value.times(query.conjugate()).map(part -> tf.math.div(part, magnitude));
    }
}
