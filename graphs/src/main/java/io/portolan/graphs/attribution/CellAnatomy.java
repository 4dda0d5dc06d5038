package io.portolan.graphs.attribution;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.graphs.cells.Cell;
import io.portolan.graphs.cells.CellSite;
import io.portolan.graphs.cells.CellSteps;
import io.portolan.graphs.cells.CellTrace;
import io.portolan.graphs.cells.FeatureMap;
import io.portolan.graphs.cells.FeatureSequence;
import io.portolan.graphs.cells.Notation;
import io.portolan.graphs.cells.StepVariable;
import io.portolan.graphs.cells.TimeForm;
import io.portolan.graphs.config.SimpleCssmConfig;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.Eigenvalues;
import io.portolan.graphs.ops.Gradients;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** SimpleCSSM: its cells, each built once more step by step. */
final class CellAnatomy implements Anatomy {
    private final Checkpoint checkpoint;
    private final SimpleCssmConfig config;
    private final ModelGraph model;
    private final Ops tf;
    private final Cell cell;
    private final FeatureMap map;
    private final Map<String, Opened> opened = new LinkedHashMap<>();
    private final FrameGradients byFrame;

    /** What is built of a cell for looking into it; the rest of it on first use. */
    private final class Opened {
        private final CellTrace trace;
        private final CellSteps steps;
        private final StateProbe states;
        private final GateProbe gates;
        private StepProbe terms;
        private List<Operand<TFloat32>> transition;
        private BilinearApproximation approximation;

        Opened(String path) {
            this.trace = new CellTrace(tf, model.outputs(), path);
            this.steps = CellSteps.of(
                    cell,
                    new CellSite(
                            model.scope().in(path),
                            map,
                            TimeForm.UNROLLED,
                            config.positions().inCells(),
                            config.kernelSize(),
                            config.options(),
                            false),
                    new FeatureSequence(trace.input()));
            List<Operand<TFloat32>> hearing = steps.states().isEmpty()
                    ? List.of(steps.output())
                    : steps.states().stream()
                            .map(state -> state.values().maps(tf))
                            .toList();
            this.states = new StateProbe(model, config.input(), steps.states(), hearing);
            this.gates = new GateProbe(model, trace, notation().gates().keySet(), map);
        }
    }

    CellAnatomy(Checkpoint checkpoint, SimpleCssmConfig config, ModelGraph model) {
        this.checkpoint = checkpoint;
        this.config = config;
        this.model = model;
        this.tf = model.scope().tf();
        this.byFrame = new FrameGradients(checkpoint, config, model);
        this.cell = Cell.of(config.cell(), config.options());
        this.map = new FeatureMap(config.steps(), config.mapHeight(), config.mapWidth(), config.channels());
    }

    @Override
    public Notation notation() {
        return cell.notation();
    }

    @Override
    public List<String> modules() {
        return IntStream.range(0, config.depth()).mapToObj(i -> "cssm_" + i).toList();
    }

    @Override
    public List<String> weights() {
        return model.parameters().keySet().stream()
                .filter(path -> path.startsWith("cssm_"))
                .toList();
    }

    @Override
    public Optional<Plane> kernelGradient(String path, float[] gradient) {
        String name = path.substring(path.indexOf('/') + 1);
        return notation().kernels().containsKey(name)
                ? Optional.of(Plane.mean(Plane.split(gradient, config.kernelSize(), config.kernelSize())))
                : Optional.empty();
    }

    @Override
    public int largestLayer() {
        return config.imageHeight() * config.imageWidth() * config.input().frames() * config.channels();
    }

    @Override
    public List<Plane> byFrame(float[] sample, int chosenClass) {
        return byFrame.of(sample, chosenClass);
    }

    @Override
    public Map<String, GateSummary> gateSummary(String module) {
        return new CellWeights(checkpoint, config, module).gates();
    }

    @Override
    public CellObservation observe(String module, float[] sample) {
        Opened cell = opened(module);
        GateProbe.Values gates = cell.gates.of(sample);
        return new CellObservation(gates.atFrequencies(), gates.inSpace(), cell.states.magnitudes(sample));
    }

    @Override
    public Optional<StepTerms> stepTerms(String module, float[] sample, int chosenClass) {
        Opened cell = opened(module);
        if (cell.terms == null) {
            cell.terms = terms(module, cell.steps);
        }
        return Optional.of(cell.terms.of(sample, chosenClass));
    }

    /**
     * The model itself may have left out steps, so the logit is differentiated by the cell's output in the model, and that by the
     * states of the cell that is built step by step.
     */
    private StepProbe terms(String module, CellSteps steps) {
        Operand<TFloat32> output = model.outputs().get(module);
        Operand<TFloat32> same = steps.read(output.rank());
        List<StepVariable> states = steps.states();
        return new StepProbe(
                tf,
                states,
                steps.output(),
                made -> new LogitGradients(model, config.classes(), List.of(output), byOutput -> {
                    Operand<TFloat32> products = tf.math.mul(byOutput.get(0), same);
                    Operand<TFloat32> sum = tf.sum(
                            products,
                            tf.constant(IntStream.range(0, products.rank()).toArray()));
                    return made.apply(Gradients.of(model.graph(), sum, StepProbe.parts(states)));
                }));
    }

    @Override
    public Optional<Transition> transition(String module, float[] samples) {
        Opened cell = opened(module);
        if (cell.transition == null) {
            cell.transition = cell.steps.transition().map(this::summedUp).orElse(List.of());
        }
        if (cell.transition.isEmpty()) {
            return Optional.empty();
        }
        List<float[]> values = model.run(samples, Map.of(), cell.transition);
        int states = notation().states().size();
        List<List<Double>> magnitudes = IntStream.range(0, states)
                .mapToObj(row -> IntStream.range(0, states)
                        .mapToObj(column -> (double) values.get(0)[row * states + column])
                        .toList())
                .toList();
        return Optional.of(new Transition(magnitudes, overFrequencies(values.get(1)), overFrequencies(values.get(2))));
    }

    /** The mean magnitudes of M, and the mean and the largest of the channels' spectral radii. */
    private List<Operand<TFloat32>> summedUp(ComplexTensor matrix) {
        Operand<TFloat32> radius = Eigenvalues.spectralRadius(tf, matrix);
        List<Operand<TFloat32>> fetches = new ArrayList<>();
        fetches.add(tf.math.mean(matrix.magnitude(), tf.constant(new int[] {0, 1, 2})));
        fetches.add(tf.math.mean(radius, tf.constant(0)));
        fetches.add(tf.max(radius, tf.constant(0)));
        return fetches;
    }

    private Plane overFrequencies(float[] values) {
        return new Plane(map.height(), map.halfWidth(), values);
    }

    @Override
    public Optional<ReceptiveField> receptiveField(String module, float[] sample) {
        return Optional.of(opened(module).states.receptiveField(sample));
    }

    @Override
    public List<SpatialKernel> kernels(String module) {
        return new CellWeights(checkpoint, config, module).kernels();
    }

    @Override
    public List<AttentionMaps> attention(String module, float[] sample) {
        CellTrace trace = opened(module).trace;
        List<AttentionMaps> layers = new ArrayList<>();
        trace.attention()
                .ifPresent(weights -> layers.add(AttentionMaps.amongPlaces(
                        fetched(sample, weights), heads(weights), map.height(), map.width())));
        trace.attentionOverTime().filter(weights -> weights.shape().get(3) > 1).ifPresent(weights -> {
            int queries = Math.toIntExact(weights.shape().get(2));
            int frames = Math.toIntExact(weights.shape().get(3));
            layers.add(AttentionMaps.amongFrames(fetched(sample, weights), heads(weights), queries, frames));
        });
        return layers;
    }

    private float[] fetched(float[] sample, Operand<TFloat32> tensor) {
        return model.run(sample, Map.of(), List.of(tensor)).get(0);
    }

    private static int heads(Operand<TFloat32> weights) {
        return Math.toIntExact(weights.shape().get(1));
    }

    @Override
    public List<String> absences() {
        List<String> absences = new ArrayList<>();
        CellSteps steps = opened(modules().get(0)).steps;
        String name = "the cell " + config.cell().label();
        if (steps.states().isEmpty()) {
            absences.add("Terms and states by step: " + name + " has no recurrence over its frames.");
        }
        if (steps.transition().isEmpty()) {
            absences.add("Transition matrix: " + name + " is no linear system at spatial frequencies.");
        }
        if (notation().kernels().isEmpty()) {
            absences.add("Kernels: " + name + " has none whose spectrum multiplies its states.");
        }
        if (notation().gates().isEmpty()) {
            absences.add("Gates: " + name + " has none that depend on the mean of the image.");
        }
        return absences;
    }

    /** The simplified cell of the reference's notebooks. */
    BilinearApproximation.Run simplified(String module, float[] sample) {
        Opened cell = opened(module);
        if (cell.approximation == null) {
            cell.approximation = new BilinearApproximation(checkpoint, config, model, module);
        }
        return cell.approximation.run(sample);
    }

    private Opened opened(String module) {
        return opened.computeIfAbsent(module, Opened::new);
    }

    @Override
    public void close() {
        byFrame.close();
    }
}
