package io.portolan.graphs.attribution;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.graphs.cells.Notation;
import io.portolan.graphs.cells.StepValues;
import io.portolan.graphs.cells.StepVariable;
import io.portolan.graphs.config.HgruConfig;
import io.portolan.graphs.model.HgruTrace;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.graphs.ops.Gradients;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** hGRU: its circuit of inhibition and excitation by step. All steps see the same drive. */
final class HgruAnatomy implements Anatomy {
    private static final String STATE = "H2";
    private static final Map<String, String> GATES = gates();
    private static final Notation NOTATION = new Notation(List.of(), List.of(), Map.of(), GATES);
    private static final Map<String, String> ROLES = Map.ofEntries(
            Map.entry("gain", "selects what of H2 inhibits"),
            Map.entry("mix", "selects what of H2 stays"),
            Map.entry("w", "spreads H2 in C1, and H1 in C2"),
            Map.entry("w_inh", "spreads H2 in C1"),
            Map.entry("w_exc", "spreads H1 in C2"),
            Map.entry("alpha", "inhibits by C1 times H2"),
            Map.entry("mu", "inhibits by C1"),
            Map.entry("gamma", "weights C2"),
            Map.entry("kappa", "excites by the sum of H1 and C2"),
            Map.entry("omega", "excites by their product"),
            Map.entry("eta", "scales each step"));

    private static Map<String, String> gates() {
        Map<String, String> gates = new LinkedHashMap<>();
        gates.put("gain", "G1");
        gates.put("mix", "G2");
        return gates;
    }

    private final HgruConfig config;
    private final ModelGraph model;
    private final Ops tf;
    private final HgruTrace trace;
    private final Checkpoint checkpoint;
    private final List<StepVariable> circuit;
    private final StateProbe states;
    private final Map<String, Operand<TFloat32>> gates = new LinkedHashMap<>();
    private StepProbe terms;
    private LogitGradients byFrame;

    HgruAnatomy(Checkpoint checkpoint, HgruConfig config, ModelGraph model) {
        this.checkpoint = checkpoint;
        this.config = config;
        this.model = model;
        this.tf = model.scope().tf();
        this.trace = new HgruTrace(model, config);
        this.circuit = trace.circuit();
        this.states = new StateProbe(
                model, config.input(), circuit, List.of(state().values().maps(tf)));
        GATES.forEach((name, symbol) -> gates.put(
                name, tf.math.mean(StepValues.InSpace.of(trace.gate(symbol)).maps(tf), tf.constant(2))));
    }

    private StepVariable state() {
        return circuit.stream()
                .filter(variable -> variable.symbol().equals(STATE))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public Notation notation() {
        return NOTATION;
    }

    @Override
    public Map<String, String> roles() {
        return ROLES;
    }

    @Override
    public List<String> modules() {
        return List.of(HgruTrace.CELL);
    }

    @Override
    public List<String> weights() {
        return List.copyOf(model.parameters().keySet());
    }

    /** Of a kernel (s, s, k, k). */
    @Override
    public Optional<Plane> kernelGradient(String path, float[] gradient) {
        boolean isHorizontal = path.startsWith(HgruTrace.CELL + "/w");
        return isHorizontal ? Optional.of(Plane.meanOfPairs(gradient, config.kernelSize())) : Optional.empty();
    }

    /** All steps are kept for the gradient. */
    @Override
    public int largestLayer() {
        return config.imageHeight() * config.imageWidth() * config.channels() * config.frames();
    }

    /** A gradient goes back to the pixels through the drive of one step alone. */
    @Override
    public List<Plane> byFrame(float[] sample, int chosenClass) {
        if (byFrame == null) {
            Operand<TFloat32> drive = model.outputs().get("input");
            byFrame = new LogitGradients(
                    model,
                    config.classes(),
                    trace.drives(),
                    byDrives -> byDrives.stream()
                            .map(gradient -> toPixels(drive, gradient))
                            .toList());
        }
        return byFrame.of(sample, chosenClass).gradients().stream()
                .map(gradient -> Plane.ofPixels(gradient, config.input()).get(0))
                .toList();
    }

    private Operand<TFloat32> toPixels(Operand<TFloat32> drive, Operand<TFloat32> gradient) {
        Operand<TFloat32> products = tf.math.mul(drive, tf.stopGradient(gradient));
        Operand<TFloat32> sum =
                tf.sum(products, tf.constant(IntStream.range(0, products.rank()).toArray()));
        return Gradients.of(model.graph(), sum, List.of(model.input())).get(0);
    }

    @Override
    public CellObservation observe(String module, float[] sample) {
        List<float[]> values = model.run(sample, Map.of(), List.copyOf(gates.values()));
        Map<String, List<Plane>> inSpace = new LinkedHashMap<>();
        for (String gate : gates.keySet()) {
            inSpace.put(gate, Plane.split(values.get(inSpace.size()), config.imageHeight(), config.imageWidth()));
        }
        return new CellObservation(Map.of(), inSpace, states.magnitudes(sample));
    }

    @Override
    public Optional<StepTerms> stepTerms(String module, float[] sample, int chosenClass) {
        if (terms == null) {
            terms = new StepProbe(
                    tf,
                    circuit,
                    state().values().maps(tf),
                    made -> new LogitGradients(model, config.classes(), StepProbe.parts(circuit), made));
        }
        return Optional.of(terms.of(sample, chosenClass));
    }

    @Override
    public Optional<ReceptiveField> receptiveField(String module, float[] sample) {
        return Optional.of(states.receptiveField(sample));
    }

    @Override
    public List<Filters> filters(String module) {
        return checkpoint.parameters().arrays().entrySet().stream()
                .filter(array -> array.getKey().startsWith(HgruTrace.CELL + "/w"))
                .map(array -> horizontal(array.getKey(), array.getValue()))
                .toList();
    }

    private Filters horizontal(String path, ArrayData kernel) {
        return Filters.ofPairs(path, kernel.toFloats(), config.kernelSize(), config.channels());
    }

    @Override
    public List<String> absences() {
        return List.of(
                "Transition matrix: an hGRU multiplies its states with each other, so no matrix takes them from step to step.",
                "Spectra and footprints of kernels: those of an hGRU are convolutions, of pairs of channels.");
    }
}
