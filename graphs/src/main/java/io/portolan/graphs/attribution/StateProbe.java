package io.portolan.graphs.attribution;

import io.portolan.graphs.cells.StepVariable;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.graphs.ops.Gradients;
import io.portolan.graphs.ops.Slices;
import io.portolan.images.ImageInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Looks at the states of a module by step, and at what they hear of the image. */
final class StateProbe {
    private static final int TIME = 1;
    private static final int ROWS = 3;
    private static final int COLUMNS = 4;

    private final ModelGraph model;
    private final ImageInput input;
    private final Ops tf;
    private final List<StepVariable> states;
    private final List<Operand<TFloat32>> hearing;
    /** Built once, because each new list of fetches costs a pass over the graph. */
    private List<Operand<TFloat32>> magnitudes;

    private MiddleGradient middle;

    /**
     * @param states whose magnitudes are asked for
     * @param hearing the maps {@code (B, steps, C, H, W)} whose receptive field is asked for, all with as many steps
     */
    StateProbe(ModelGraph model, ImageInput input, List<StepVariable> states, List<Operand<TFloat32>> hearing) {
        this.model = model;
        this.input = input;
        this.tf = model.scope().tf();
        this.states = states;
        this.hearing = hearing;
    }

    /** By symbol, for every step the mean over channels of {@code |state|}. */
    Map<String, List<Plane>> magnitudes(float[] sample) {
        if (magnitudes == null) {
            magnitudes = states.stream()
                    .<Operand<TFloat32>>map(
                            state -> tf.math.mean(tf.math.abs(state.values().maps(tf)), tf.constant(2)))
                    .toList();
        }
        Map<String, List<Plane>> bySymbol = new LinkedHashMap<>();
        if (states.isEmpty()) {
            return bySymbol;
        }
        List<float[]> values = model.run(sample, Map.of(), magnitudes);
        for (int i = 0; i < states.size(); i++) {
            Shape shape = magnitudes.get(i).shape();
            bySymbol.put(states.get(i).symbol(), Plane.split(values.get(i), axis(shape, 2), axis(shape, ROWS)));
        }
        return bySymbol;
    }

    ReceptiveField receptiveField(float[] sample) {
        if (middle == null) {
            middle = middleGradient();
        }
        int steps = axis(middle.step.shape(), 0);
        List<Plane> maps = new ArrayList<>();
        for (int t = 0; t < steps; t++) {
            float[] oneHot = new float[steps];
            oneHot[t] = 1;
            float[] values = model.run(sample, Map.of(middle.step, oneHot), middle.byInput)
                    .get(0);
            maps.add(Plane.sum(Plane.ofPixels(values, input)));
        }
        return new ReceptiveField(maps);
    }

    /**
     * @param step a one for the step to differentiate and zeros for the others, (T)
     * @param byInput the gradient of the states in the middle of the map by the input
     */
    private record MiddleGradient(Operand<TFloat32> step, List<Operand<TFloat32>> byInput) {}

    private MiddleGradient middleGradient() {
        Operand<TFloat32> perStep =
                hearing.stream().map(this::middle).reduce(tf.math::add).orElseThrow();
        Operand<TFloat32> step = tf.placeholder(TFloat32.class, Placeholder.shape(perStep.shape()));
        Operand<TFloat32> chosen = tf.sum(tf.math.mul(perStep, step), tf.constant(0));
        return new MiddleGradient(step, Gradients.of(model.graph(), chosen, List.of(model.input())));
    }

    /** The sum over channels in the middle of maps, by step. */
    private Operand<TFloat32> middle(Operand<TFloat32> maps) {
        int row = axis(maps.shape(), ROWS) / 2;
        int column = axis(maps.shape(), COLUMNS) / 2;
        Operand<TFloat32> rows = Slices.along(tf, maps, ROWS, row, row + 1, 1);
        Operand<TFloat32> pixel = Slices.along(tf, rows, COLUMNS, column, column + 1, 1);
        return tf.sum(pixel, tf.constant(new int[] {0, TIME + 1, ROWS, COLUMNS}));
    }

    private static int axis(Shape shape, int axis) {
        return Math.toIntExact(shape.get(axis));
    }
}
