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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
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
    private static final int STATES = 3;

    private final ModelGraph model;
    private final SimpleCssmConfig config;
    private final String path;
    private final Ops tf;
    private final Fft fft;
    private final CellTrace trace;
    private final Map<String, Double> gates = new LinkedHashMap<>();
    private final List<Operand<TFloat32>> magnitudes;

    /**
     * The result of the approximation for a sample.
     *
     * @param gates its gates, by name
     * @param states for X, Y and Z and every step, the mean over channels of {@code |state|} (H, W)
     */
    public record Run(Map<String, Double> gates, List<List<Plane>> states) {}

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
        this.magnitudes = magnitudes();
    }

    /** The three states as maps {@code (B, C, H, W)}. */
    private record State(Operand<TFloat32> x, Operand<TFloat32> y, Operand<TFloat32> z) {}

    Run run(float[] sample) {
        List<Plane> planes = model.run(sample, Map.of(), magnitudes).stream()
                .map(values -> new Plane(config.mapHeight(), config.mapWidth(), values))
                .toList();
        return new Run(
                gates,
                IntStream.range(0, STATES)
                        .mapToObj(i -> IntStream.range(0, config.frames())
                                .mapToObj(t -> planes.get(t * STATES + i))
                                .toList())
                        .toList());
    }

    /** For every step, the magnitudes of X, Y and Z. */
    private List<Operand<TFloat32>> magnitudes() {
        List<Operand<TFloat32>> inputs = inputs();
        Operand<TFloat32> nothing = tf.zerosLike(inputs.get(0));
        State state = new State(nothing, nothing, nothing);
        List<Operand<TFloat32>> magnitudes = new ArrayList<>();
        for (Operand<TFloat32> input : inputs) {
            state = step(state, input);
            for (Operand<TFloat32> map : List.of(state.x, state.y, state.z)) {
                magnitudes.add(tf.math.mean(tf.math.abs(map), tf.constant(1)));
            }
        }
        return magnitudes;
    }

    private State step(State s, Operand<TFloat32> u) {
        return new State(
                tf.math.addN(List.of(
                        times("decay_x", s.x),
                        times("alpha_excit", convolve("k_exc", s.x)),
                        tf.math.neg(times("alpha_inhib", convolve("k_inh", s.y))),
                        times("gamma", tf.math.mul(s.x, s.z)),
                        u)),
                tf.math.addN(
                        List.of(times("decay_y", s.y), times("mu_excit", s.x), tf.math.neg(times("mu_inhib", s.y)), u)),
                tf.math.addN(List.of(times("decay_z", s.z), times("delta", tf.math.sub(s.x, s.y)), u)));
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

    private Operand<TFloat32> times(String gate, Operand<TFloat32> map) {
        return tf.math.mul(map, tf.constant(gates.get(gate).floatValue()));
    }
}
