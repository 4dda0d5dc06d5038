package io.portolan.graphs.attribution;

import io.portolan.graphs.cells.CellSteps;
import io.portolan.graphs.cells.CellTrace;
import io.portolan.graphs.cells.FeatureMap;
import io.portolan.graphs.cells.Notation;
import io.portolan.graphs.config.SimpleCssmConfig;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.Eigenvalues;
import io.portolan.graphs.ops.Fft;
import io.portolan.graphs.ops.Gradients;
import io.portolan.graphs.ops.Slices;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Reads the intermediate values of one cell of a model that is built by the fused plan. */
final class CellProbe {
    private final ModelGraph model;
    private final SimpleCssmConfig config;
    private final CellSteps steps;
    private final Notation notation;
    private final int states;
    private final FeatureMap map;
    private final Ops tf;
    private final CellTrace trace;
    private final Fft fft;
    /** Built once, because each new list of fetches costs a pass over the graph. */
    private final List<Operand<TFloat32>> observed = new ArrayList<>();

    private MiddleGradient middle;

    /**
     * @param notation of the cell
     * @param steps the cell taken apart
     */
    CellProbe(ModelGraph model, SimpleCssmConfig config, Notation notation, CellSteps steps, String path) {
        this.model = model;
        this.config = config;
        this.steps = steps;
        this.notation = notation;
        this.states = notation.states().size();
        this.map = new FeatureMap(config.steps(), config.mapHeight(), config.mapWidth(), config.channels());
        this.tf = model.scope().tf();
        this.trace = new CellTrace(tf, model.outputs(), path);
        this.fft = new Fft(tf, map.height(), map.width());
    }

    CellObservation observe(float[] sample) {
        List<String> gates =
                notation.gates().keySet().stream().filter(trace::hasGate).toList();
        if (observed.isEmpty()) {
            gates.forEach(gate -> observed.add(atEveryFrequency(trace.gate(gate))));
            observed.add(tf.math.mean(tf.math.abs(statesInSpace()), tf.constant(3)));
        }
        List<float[]> values = model.run(sample, Map.of(), observed);
        Map<String, List<Plane>> byGate = new LinkedHashMap<>();
        for (int i = 0; i < gates.size(); i++) {
            byGate.put(gates.get(i), Plane.split(values.get(i), map.height(), map.halfWidth()));
        }
        List<Plane> byStep = Plane.split(values.get(gates.size()), map.height(), map.width());
        List<List<Plane>> ofStates = IntStream.range(0, states)
                .mapToObj(state -> IntStream.range(0, map.steps())
                        .mapToObj(t -> byStep.get(t * states + state))
                        .toList())
                .toList();
        return new CellObservation(byGate, ofStates);
    }

    /** The mean over channels of a gate, {@code (B, T, H, F)}. */
    private Operand<TFloat32> atEveryFrequency(Operand<TFloat32> gate) {
        Operand<TFloat32> zeros =
                tf.zeros(tf.constant(new int[] {1, map.steps(), map.height(), map.halfWidth()}), TFloat32.class);
        return tf.math.add(tf.math.mean(gate, tf.constant(2)), zeros);
    }

    Transition transition(float[] samples) {
        ComplexTensor matrix = steps.transition();
        Operand<TFloat32> radius = Eigenvalues.spectralRadius(tf, matrix);
        List<float[]> values = model.run(
                samples,
                Map.of(),
                List.of(
                        tf.math.mean(matrix.magnitude(), tf.constant(new int[] {0, 1, 2})),
                        tf.math.mean(radius, tf.constant(0)),
                        tf.max(radius, tf.constant(0))));
        List<List<Double>> magnitudes = IntStream.range(0, states)
                .mapToObj(row -> IntStream.range(0, states)
                        .mapToObj(column -> (double) values.get(0)[row * states + column])
                        .toList())
                .toList();
        return new Transition(magnitudes, overFrequencies(values.get(1)), overFrequencies(values.get(2)));
    }

    ReceptiveField receptiveField(float[] sample) {
        if (middle == null) {
            middle = middleGradient();
        }
        List<Plane> maps = new ArrayList<>();
        for (int t = 0; t < map.steps(); t++) {
            float[] oneHot = new float[map.steps()];
            oneHot[t] = 1;
            float[] values = model.run(sample, Map.of(middle.step, oneHot), middle.byInput)
                    .get(0);
            maps.add(Plane.sum(Plane.ofPixels(values, config.imageHeight(), config.imageWidth())));
        }
        return new ReceptiveField(maps);
    }

    /**
     * @param step a one for the step to differentiate and zeros for the others, (T)
     * @param byInput the gradient of the states in the middle of the map by the input
     */
    private record MiddleGradient(Operand<TFloat32> step, List<Operand<TFloat32>> byInput) {}

    private MiddleGradient middleGradient() {
        Operand<TFloat32> step = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(map.steps())));
        Operand<TFloat32> row = Slices.along(tf, statesInSpace(), 4, map.height() / 2, map.height() / 2 + 1, 1);
        Operand<TFloat32> pixel = Slices.along(tf, row, 5, map.width() / 2, map.width() / 2 + 1, 1);
        Operand<TFloat32> perStep = tf.sum(pixel, tf.constant(new int[] {0, 2, 3, 4, 5}));
        Operand<TFloat32> chosen = tf.sum(tf.math.mul(perStep, step), tf.constant(0));
        return new MiddleGradient(step, Gradients.of(model.graph(), chosen, List.of(model.input())));
    }

    /** Every step's states as maps, {@code (B, T, states, C, H, W)}. */
    private Operand<TFloat32> statesInSpace() {
        List<ComplexTensor> recorded = IntStream.range(0, map.steps() * states)
                .mapToObj(i -> trace.state(i / states, i % states))
                .toList();
        int[] shape = {-1, map.steps(), states, map.channels(), map.height(), map.halfWidth()};
        ComplexTensor together = new ComplexTensor(
                        tf,
                        tf.concat(recorded.stream().map(ComplexTensor::real).toList(), tf.constant(1)),
                        tf.concat(
                                recorded.stream().map(ComplexTensor::imaginary).toList(), tf.constant(1)))
                .map(part -> tf.reshape(part, tf.constant(shape)));
        return fft.irfft2(together);
    }

    private Plane overFrequencies(float[] values) {
        return new Plane(map.height(), map.halfWidth(), values);
    }
}
