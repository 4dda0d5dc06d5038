package io.portolan.graphs.model;

import io.portolan.graphs.cells.StepValues;
import io.portolan.graphs.cells.StepVariable;
import io.portolan.graphs.config.HgruConfig;
import io.portolan.graphs.layers.Initializer;
import io.portolan.graphs.layers.ModuleScope;
import io.portolan.graphs.ops.PerChannel;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The circuit of an {@link Hgru} by step, looked up among the model's recorded outputs. Maps are {@code (B, H, W, k)}. */
public final class HgruTrace {
    /** The path of the recurrent layer. */
    public static final String CELL = "hgru";

    /** What is computed in every step. */
    enum Variable {
        /** The drive, which is the same at every step. */
        X("X"),
        G1("G1"),
        C1("C1"),
        /** What ζ makes H¹ of. */
        INHIBITED("S1"),
        H1("H1"),
        G2("G2"),
        C2("C2"),
        /** What ζ makes Ĥ of, which H² is mixed with. */
        EXCITED("S2"),
        CANDIDATE("H2_new"),
        H2("H2");

        private final String symbol;

        Variable(String symbol) {
            this.symbol = symbol;
        }
    }

    private final ModelGraph model;
    private final HgruConfig config;
    private final ModuleScope cell;
    private final Ops tf;

    /** @param model of that configuration */
    public HgruTrace(ModelGraph model, HgruConfig config) {
        this.model = model;
        this.config = config;
        this.cell = model.scope().in(CELL);
        this.tf = cell.tf();
    }

    /** The drive as each step sees it. */
    public List<Operand<TFloat32>> drives() {
        return byStep(t -> at(t, Variable.X));
    }

    /** A gate, G1 or G2, at every step. */
    public List<Operand<TFloat32>> gate(String symbol) {
        return byStep(t -> at(t, Variable.valueOf(symbol)));
    }

    /**
     * All variables of the circuit, in the order that a step computes them. Those that ζ is applied to, and H2, are sums; the others
     * are none.
     */
    public List<StepVariable> circuit() {
        return List.of(
                plain(Variable.C1),
                sum(Variable.INHIBITED, inhibition()),
                plain(Variable.H1),
                plain(Variable.C2),
                sum(
                        Variable.EXCITED,
                        List.of(
                                term(Variable.H1, "κ⊙H1", t -> weighted("kappa", at(t, Variable.H1))),
                                term(Variable.C2, "κ⊙γ⊙C2", t -> weighted("kappa", excitation(t))),
                                term(
                                        Variable.C2,
                                        "ω⊙H1⊙γ⊙C2",
                                        t -> weighted("omega", tf.math.mul(at(t, Variable.H1), excitation(t)))))),
                plain(Variable.CANDIDATE),
                sum(
                        Variable.H2,
                        List.of(
                                term(Variable.H2, "G2⊙H2", t -> scaled(t, tf.math.mul(at(t, Variable.G2), before(t)))),
                                term(
                                        Variable.CANDIDATE,
                                        "(1 − G2)⊙H2_new",
                                        t -> scaled(
                                                t,
                                                tf.math.mul(
                                                        tf.math.sub(tf.constant(1f), at(t, Variable.G2)),
                                                        at(t, Variable.CANDIDATE)))))));
    }

    /** Rectified, what inhibits is one term: the rectification of a sum is not a sum. */
    private List<StepVariable.Term> inhibition() {
        StepVariable.Term drive = term(StepVariable.INPUT, "X", t -> at(t, Variable.X));
        IntFunction<Operand<TFloat32>> byState = t -> weighted("alpha", tf.math.mul(at(t, Variable.C1), before(t)));
        IntFunction<Operand<TFloat32>> always = t -> weighted("mu", at(t, Variable.C1));
        return config.isRectified()
                ? List.of(
                        drive,
                        term(
                                Variable.C1,
                                "−[C1⊙(α⊙H2 + μ)]₊",
                                t -> tf.math.neg(tf.nn.relu(tf.math.add(byState.apply(t), always.apply(t))))))
                : List.of(
                        drive,
                        term(Variable.C1, "−α⊙C1⊙H2", t -> tf.math.neg(byState.apply(t))),
                        term(Variable.C1, "−μ⊙C1", t -> tf.math.neg(always.apply(t))));
    }

    private Operand<TFloat32> excitation(int step) {
        return weighted("gamma", at(step, Variable.C2));
    }

    private Operand<TFloat32> scaled(int step, Operand<TFloat32> x) {
        return config.hasBatchNorm() ? x : tf.math.mul(x, eta(cell, config, step));
    }

    private Operand<TFloat32> weighted(String weight, Operand<TFloat32> x) {
        return PerChannel.multiply(tf, x, cell.parameter(weight, config.channels()));
    }

    /** H² before a step. */
    private Operand<TFloat32> before(int step) {
        return step == 0 ? tf.zerosLike(at(0, Variable.X)) : at(step - 1, Variable.H2);
    }

    private StepVariable plain(Variable variable) {
        return sum(variable, List.of());
    }

    private StepVariable sum(Variable variable, List<StepVariable.Term> terms) {
        return new StepVariable(variable.symbol, StepValues.InSpace.of(byStep(t -> at(t, variable))), terms);
    }

    private StepVariable.Term term(Variable source, String symbol, IntFunction<Operand<TFloat32>> value) {
        return term(source.symbol, symbol, value);
    }

    private StepVariable.Term term(String source, String symbol, IntFunction<Operand<TFloat32>> value) {
        return new StepVariable.Term(source, symbol, StepValues.InSpace.of(byStep(value)));
    }

    private List<Operand<TFloat32>> byStep(IntFunction<Operand<TFloat32>> value) {
        return IntStream.range(0, config.frames()).mapToObj(value).toList();
    }

    private Operand<TFloat32> at(int step, Variable variable) {
        return model.outputs().get(CELL + "/" + name(step, variable));
    }

    static String name(int step, Variable variable) {
        return step + "/" + variable.name();
    }

    /** η at a step. */
    static Operand<TFloat32> eta(ModuleScope cell, HgruConfig config, int step) {
        Operand<TFloat32> all = cell.parameter("eta", new Initializer.Uniform(0, 1), config.frames());
        return cell.tf()
                .slice(all, cell.tf().constant(new int[] {step}), cell.tf().constant(new int[] {1}));
    }
}
