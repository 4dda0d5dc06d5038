package io.portolan.graphs.attribution;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.graphs.cells.CellTrace;
import io.portolan.graphs.cells.GateRange;
import io.portolan.graphs.config.CellType;
import io.portolan.graphs.config.SimpleCssmConfig;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.Fft;
import io.portolan.graphs.ops.MatrixProduct;
import io.portolan.graphs.ops.PerChannel;
import io.portolan.graphs.ops.Precision;
import io.portolan.graphs.ops.Slices;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TFloat32;

/**
 * The simplified model of an {@code hgru_bi} cell from the reference's second notebook ({@code cssm_step_detailed}),
 * with this checkpoint's weights: one value per gate, kernels that are not squashed, one input for all states, and a
 * product of states, which the cell itself does not have. It illustrates the cell and is not what the cell computes:
 *
 * <pre>
 *     X' = d_x·X + α_E·(k_E ∗ X) − α_I·(k_I ∗ Y) + γ·X⊙Z + U
 *     Y' = d_y·Y + μ_E·X − μ_I·Y + U
 *     Z' = d_z·Z + δ·(X − Y) + U
 * </pre>
 */
public final class BilinearApproximation {
    private static final List<String> STATES = List.of("X", "Y", "Z");

    private final ModelGraph model;
    private final SimpleCssmConfig config;
    private final String path;
    private final Ops tf;
    private final Fft fft;
    private final CellTrace trace;
    private final Map<String, Double> gates = new LinkedHashMap<>();
    private final List<Step> steps;
    private final List<Operand<TFloat32>> fetched;

    /**
     * The result of the approximation for a sample.
     *
     * @param gates its gates, by name
     * @param terms X, Y and Z, each with its terms, whose sources are the names of their gates
     * @param products what gates weight in them: k_E∗X, k_I∗Y and X⊙Z as {@code k_exc_X}, {@code k_inh_Y} and {@code X_Z}
     */
    public record Run(Map<String, Double> gates, List<StepTerms.State> terms, Map<String, StepTerms.Maps> products) {
        /** For X, Y and Z and every step, the mean over channels of {@code |state|} (H, W). */
        public Map<String, List<Plane>> states() {
            Map<String, List<Plane>> bySymbol = new LinkedHashMap<>();
            terms.forEach(state -> bySymbol.put(state.symbol(), state.maps().meanMagnitudes()));
            return bySymbol;
        }
    }

    /** A summand: the gate that weights it, or {@link StepTerms#INPUT}, its symbol and its map {@code (B, C, H, W)}. */
    private record Term(String gate, String symbol, Operand<TFloat32> map) {}

    /**
     * A step.
     *
     * @param terms for X, Y and Z
     * @param states their sums, {@code (B, C, H, W)} each
     * @param products by name
     */
    private record Step(
            List<List<Term>> terms, List<Operand<TFloat32>> states, Map<String, Operand<TFloat32>> products) {}

    /** @param model a model built by the fused plan */
    BilinearApproximation(Checkpoint checkpoint, SimpleCssmConfig config, ModelGraph model, String path) {
        if (config.cell() != CellType.HGRU_BI) {
            throw new IllegalArgumentException(
                    "there is no approximation of " + config.cell().label() + ", only of hgru_bi");
        }
        this.model = model;
        this.config = config;
        this.path = path;
        this.tf = model.scope().tf();
        this.fft = new Fft(tf, config.mapHeight(), config.mapWidth());
        this.trace = new CellTrace(tf, model.outputs(), path);
        CellWeights weights = new CellWeights(checkpoint, config, path);
        for (String gate :
                List.of("decay_x", "decay_y", "decay_z", "alpha_excit", "alpha_inhib", "mu_excit", "mu_inhib")) {
            gates.put(gate, GateRange.sigmoid(weights.meanWeight(gate + "_gate")));
        }
        for (String gate : List.of("gamma", "delta")) {
            gates.put(gate, Math.tanh(weights.meanWeight(gate + "_gate")) / 2);
        }
        this.steps = steps();
        this.fetched = fetched();
    }

    Run run(float[] sample) {
        Iterator<StepTerms.Maps> maps = model.run(sample, Map.of(), fetched).stream()
                .map(values -> new StepTerms.Maps(
                        config.frames(), config.channels(), config.mapHeight(), config.mapWidth(), values))
                .iterator();
        Step first = steps.get(0);
        List<StepTerms.State> states = new ArrayList<>();
        for (int i = 0; i < STATES.size(); i++) {
            StepTerms.Maps state = maps.next();
            List<StepTerms.Term> terms = first.terms().get(i).stream()
                    .map(term -> new StepTerms.Term(term.gate(), term.symbol(), maps.next(), new double[0]))
                    .toList();
            states.add(new StepTerms.State(STATES.get(i), state, terms));
        }
        Map<String, StepTerms.Maps> products = new LinkedHashMap<>();
        first.products().keySet().forEach(name -> products.put(name, maps.next()));
        return new Run(gates, states, products);
    }

    /** For X, Y and Z, the state and then its terms, and last the products; {@code (B, T, C, H, W)} each. */
    private List<Operand<TFloat32>> fetched() {
        List<Operand<TFloat32>> maps = new ArrayList<>();
        for (int i = 0; i < STATES.size(); i++) {
            int state = i;
            maps.add(overTime(step -> step.states().get(state)));
            for (int j = 0; j < steps.get(0).terms().get(i).size(); j++) {
                int term = j;
                maps.add(overTime(step -> step.terms().get(state).get(term).map()));
            }
        }
        steps.get(0)
                .products()
                .keySet()
                .forEach(name -> maps.add(overTime(step -> step.products().get(name))));
        return maps;
    }

    private Operand<TFloat32> overTime(Function<Step, Operand<TFloat32>> part) {
        return tf.stack(steps.stream().map(part).toList(), Stack.axis(1L));
    }

    private List<Step> steps() {
        List<Operand<TFloat32>> inputs = inputs();
        Operand<TFloat32> nothing = tf.zerosLike(inputs.get(0));
        List<Operand<TFloat32>> states = List.of(nothing, nothing, nothing);
        List<Step> all = new ArrayList<>();
        for (Operand<TFloat32> input : inputs) {
            all.add(step(states.get(0), states.get(1), states.get(2), input));
            states = all.get(all.size() - 1).states();
        }
        return all;
    }

    private Step step(Operand<TFloat32> x, Operand<TFloat32> y, Operand<TFloat32> z, Operand<TFloat32> u) {
        Operand<TFloat32> excited = convolve("k_exc", x);
        Operand<TFloat32> inhibited = convolve("k_inh", y);
        Operand<TFloat32> product = tf.math.mul(x, z);
        Term input = new Term(StepTerms.INPUT, "U", u);
        List<List<Term>> terms = List.of(
                List.of(
                        term("decay_x", "d_x·X", x),
                        term("alpha_excit", "α_E·(k_E∗X)", excited),
                        term("alpha_inhib", "−α_I·(k_I∗Y)", tf.math.neg(inhibited)),
                        term("gamma", "γ·X⊙Z", product),
                        input),
                List.of(
                        term("decay_y", "d_y·Y", y),
                        term("mu_excit", "μ_E·X", x),
                        term("mu_inhib", "−μ_I·Y", tf.math.neg(y)),
                        input),
                List.of(term("decay_z", "d_z·Z", z), term("delta", "δ·(X − Y)", tf.math.sub(x, y)), input));
        Map<String, Operand<TFloat32>> products = new LinkedHashMap<>();
        products.put("k_exc_X", excited);
        products.put("k_inh_Y", inhibited);
        products.put("X_Z", product);
        return new Step(
                terms,
                terms.stream()
                        .<Operand<TFloat32>>map(
                                row -> tf.math.addN(row.stream().map(Term::map).toList()))
                        .toList(),
                products);
    }

    /** U of every step, {@code (B, C, H, W)}: the first block of the cell's input projection. */
    private List<Operand<TFloat32>> inputs() {
        int channels = config.channels();
        Operand<TFloat32> kernel =
                Slices.along(tf, model.parameters().get(path + "/input_proj/kernel"), 1, 0, channels, 1);
        Operand<TFloat32> bias = Slices.along(tf, model.parameters().get(path + "/input_proj/bias"), 0, 0, channels, 1);
        Operand<TFloat32> input = trace.input();
        boolean still = input.rank() == 4;
        List<Operand<TFloat32>> frames = still
                ? List.of(input)
                : Slices.parts(tf, input, 1, config.frames()).stream()
                        .<Operand<TFloat32>>map(frame -> tf.squeeze(frame, Squeeze.axis(List.of(1L))))
                        .toList();
        List<Operand<TFloat32>> projected = frames.stream()
                .<Operand<TFloat32>>map(frame -> tf.linalg.transpose(
                        PerChannel.add(tf, MatrixProduct.of(tf, Precision.SINGLE, frame, kernel), bias),
                        tf.constant(new int[] {0, 3, 1, 2})))
                .toList();
        return IntStream.range(0, config.frames())
                .mapToObj(t -> projected.get(still ? 0 : t))
                .toList();
    }

    private Operand<TFloat32> convolve(String kernel, Operand<TFloat32> map) {
        ComplexTensor product = fft.rfft2(map).times(trace.kernel(kernel));
        return fft.irfft2(product);
    }

    private Term term(String gate, String symbol, Operand<TFloat32> map) {
        return new Term(
                gate, symbol, tf.math.mul(map, tf.constant(gates.get(gate).floatValue())));
    }
}
