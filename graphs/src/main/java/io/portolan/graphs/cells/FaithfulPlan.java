package io.portolan.graphs.cells;

import io.portolan.graphs.config.PositionMode;
import io.portolan.graphs.layers.Layers;
import io.portolan.graphs.layers.ModuleScope;
import io.portolan.graphs.layers.Reductions;
import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.Fft;
import io.portolan.graphs.ops.Goom;
import io.portolan.graphs.ops.LogRecurrence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A plan that follows the reference step by step: every frame, every transform, and the scan in log space and in the
 * reference's order.
 */
public final class FaithfulPlan implements CellPlan {
    private final ModuleScope scope;
    private final Ops tf;
    private final FeatureMap map;
    private final Fft fft;

    public FaithfulPlan(ModuleScope scope, FeatureMap map) {
        this.scope = scope;
        this.tf = scope.tf();
        this.map = map;
        this.fft = new Fft(tf, map.height(), map.width());
    }

    @Override
    public Operand<TFloat32> apply(
            Cell cell, int kernelSize, PositionMode positions, FeatureSequence x, boolean lastStepOnly) {
        Operand<TFloat32> everyStep = applyAtEveryStep(cell, kernelSize, positions, x.atEveryStep(tf, map.steps()));
        return lastStepOnly ? new FeatureSequence(everyStep).atLastStep(tf, map) : everyStep;
    }

    private Operand<TFloat32> applyAtEveryStep(Cell cell, int kernelSize, PositionMode positions, Operand<TFloat32> x) {
        RotaryEmbedding embedding = new RotaryEmbedding(tf, map);
        Operand<TFloat32> rotated = embedding.rotate(positions, x);
        Operand<TFloat32> mean = Reductions.mapMean(tf, rotated, 2);
        Operand<TFloat32> context = cell.gatesSeeTime() ? embedding.addTime(mean) : mean;

        LinearSystem system = cell.system(new Gates(scope, map, context), new Kernels(scope, map, kernelSize));
        ComplexTensor states = solve(system, inputSpectra(cell.states(), rotated));
        return readOut(cell.states(), states.times(system.outputGate()));
    }

    /** For each state, the spectrum {@code (B, T, C, H, F)} of its block of the input projection. */
    private List<ComplexTensor> inputSpectra(int states, Operand<TFloat32> x) {
        int channels = map.channels();
        Operand<TFloat32> projected =
                states == 1 ? x : Layers.dense(scope.in("input_proj"), x, channels, (long) states * channels);
        Operand<TFloat32> channelsFirst = tf.linalg.transpose(projected, tf.constant(new int[] {0, 1, 4, 2, 3}));
        ComplexTensor spectrum = fft.rfft2(channelsFirst);
        List<ComplexTensor> blocks = new ArrayList<>();
        for (int i = 0; i < states; i++) {
            int[] begin = {0, 0, i * channels, 0, 0};
            int[] size = {-1, map.steps(), channels, map.height(), map.halfWidth()};
            blocks.add(spectrum.map(part -> tf.slice(part, tf.constant(begin), tf.constant(size))));
        }
        return blocks;
    }

    /** The states at every step, {@code (states, 1, B, T, C, H, F)}. */
    private ComplexTensor solve(LinearSystem system, List<ComplexTensor> inputs) {
        Goom goom = new Goom(tf);
        List<ComplexTensor> transition = new ArrayList<>();
        for (List<Coefficient> row : system.transition()) {
            row.forEach(entry -> transition.add(scaled(goom.toGoom(entry.unscaled(tf)), entry.logScale())));
        }
        List<ComplexTensor> input = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            InputGate gate = system.inputGates().get(i);
            input.add(scaled(goom.toGoom(inputs.get(i).times(gate.gate())), gate.logScale()));
        }
        Operand<TFloat32> zeros = tf.zerosLike(inputs.get(0).real());
        int states = inputs.size();
        LogRecurrence recurrence =
                new LogRecurrence(matrix(transition, states, states, zeros), matrix(input, states, 1, zeros));
        return goom.fromGoom(recurrence.states(tf, map.steps()));
    }

    private static ComplexTensor scaled(ComplexTensor logarithm, Optional<Operand<TFloat32>> logScale) {
        return logScale.map(logarithm::plusReal).orElse(logarithm);
    }

    /**
     * Stacks entries, given row by row, into one tensor: each is broadcast to the shape of {@code zeros}, after two
     * leading axes for row and column.
     */
    private ComplexTensor matrix(List<ComplexTensor> entries, int rows, int columns, Operand<TFloat32> zeros) {
        int[] shape = {rows, columns, -1, map.steps(), map.channels(), map.height(), map.halfWidth()};
        List<ComplexTensor> whole = entries.stream()
                .map(entry -> entry.map(part -> tf.math.add(part, zeros)))
                .toList();
        return new ComplexTensor(
                        tf,
                        tf.stack(whole.stream().map(ComplexTensor::real).toList()),
                        tf.stack(whole.stream().map(ComplexTensor::imaginary).toList()))
                .map(part -> tf.reshape(part, tf.constant(shape)));
    }

    /**
     * Transforms the states back to space and projects them; the projection expects the states of one channel side by
     * side.
     */
    private Operand<TFloat32> readOut(int states, ComplexTensor spectra) {
        int channels = map.channels();
        Operand<TFloat32> maps = fft.irfft2(spectra);
        Operand<TFloat32> channelsLast = tf.linalg.transpose(maps, tf.constant(new int[] {1, 2, 3, 5, 6, 4, 0}));
        int[] shape = {-1, map.steps(), map.height(), map.width(), channels * states};
        Operand<TFloat32> interleaved = tf.reshape(channelsLast, tf.constant(shape));
        return states == 1
                ? interleaved
                : Layers.dense(scope.in("output_proj"), interleaved, (long) states * channels, channels);
    }
}
