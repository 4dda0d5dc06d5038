package io.portolan.graphs.cells;

import io.portolan.graphs.config.PositionMode;
import io.portolan.graphs.layers.ModuleScope;
import io.portolan.graphs.layers.Reductions;
import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.Fft;
import io.portolan.graphs.ops.MatrixProduct;
import io.portolan.graphs.ops.PerChannel;
import io.portolan.graphs.ops.Precision;
import io.portolan.graphs.ops.Slices;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Runs a cell by identities that leave out most of the work ({@code docs/model.md}, section 7): the recurrence is a plain
 * complex one; the Fourier transform commutes with mixing channels, so it comes before the input projection and after the
 * output projection; and of a still image one transform serves every step, for the rotation of a step is a matrix that
 * joins the projection.
 */
public final class FusedPlan implements CellPlan {
    private final ModuleScope scope;
    private final Ops tf;
    private final FeatureMap map;
    private final Fft fft;

    public FusedPlan(ModuleScope scope, FeatureMap map) {
        this.scope = scope;
        this.tf = scope.tf();
        this.map = map;
        this.fft = new Fft(tf, map.height(), map.width());
    }

    @Override
    public Operand<TFloat32> apply(
            Cell cell, int kernelSize, PositionMode positions, Features x, boolean lastStepOnly) {
        boolean projects = cell.states() > 1;
        int planes = projects ? map.channels() + 1 : map.channels();
        RotaryEmbedding embedding = new RotaryEmbedding(tf, map);
        Operand<TFloat32> rotated;
        Operand<TFloat32> mean;
        Operand<TFloat32> rotations;
        if (x.isStill()) {
            rotated = embedding.rotateInSpace(positions, x.value());
            mean = embedding.rotateOverTime(positions, Reductions.mapMean(tf, rotated, 1));
            rotations = embedding.timeMatrices(positions, planes);
        } else {
            rotated = embedding.rotate(positions, x.value());
            mean = Reductions.mapMean(tf, rotated, 2);
            rotations = embedding.timeMatrices(PositionMode.NONE, planes);
        }
        Operand<TFloat32> context = cell.gatesSeeTime() ? embedding.addTime(mean) : mean;
        LinearSystem system =
                cell.system(new Gates(scope, map, context), new Kernels(scope, map, kernelSize));

        LinearRecurrence recurrence = new LinearRecurrence(tf, map, system);
        List<List<ComplexTensor>> states = recurrence.states(projects
                ? inputs(spectra(x.isStill(), withOnes(rotated)), projections(cell.states(), rotations))
                : inputs(spectra(x.isStill(), rotated), List.of(slices(rotations))));
        List<ComplexTensor> outputs = new ArrayList<>();
        for (int t = lastStepOnly ? map.steps() - 1 : 0; t < map.steps(); t++) {
            ComplexTensor mixed = projects ? mixed(states.get(t)) : states.get(t).get(0);
            // One gate for all channels: it may as well come after they are mixed.
            outputs.add(mixed.times(recurrence.outputGate(t)));
        }
        Operand<TFloat32> maps = toSpace(outputs, lastStepOnly);
        return projects ? PerChannel.add(tf, maps, scope.in("output_proj").parameter("bias", map.channels())) : maps;
    }

    /** One channel more, of ones: what multiplies it is a bias. */
    private Operand<TFloat32> withOnes(Operand<TFloat32> x) {
        int[][] paddings = new int[x.rank()][2];
        paddings[x.rank() - 1][1] = 1;
        return tf.pad(x, tf.constant(paddings), tf.constant(1f));
    }

    /** The spectra {@code (B, planes, H·F)} of every step, or of the only one that a still image has. */
    private List<ComplexTensor> spectra(boolean isStill, Operand<TFloat32> x) {
        int planes = Math.toIntExact(x.shape().get(x.rank() - 1));
        int steps = isStill ? 1 : map.steps();
        int[] channelsFirst = isStill ? new int[] {0, 3, 1, 2} : new int[] {0, 1, 4, 2, 3};
        int[] flat = {-1, steps * planes, map.frequencies()};
        ComplexTensor spectrum = fft.rfft2(tf.linalg.transpose(x, tf.constant(channelsFirst)))
                .map(part -> tf.reshape(part, tf.constant(flat)));
        List<Operand<TFloat32>> real = Slices.parts(tf, spectrum.real(), 1, steps);
        List<Operand<TFloat32>> imaginary = Slices.parts(tf, spectrum.imaginary(), 1, steps);
        return IntStream.range(0, steps)
                .mapToObj(t -> new ComplexTensor(tf, real.get(t), imaginary.get(t)))
                .toList();
    }

    /**
     * For each state the input projections of rotated channels and ones, {@code (C, C + 1)} for every step.
     *
     * @param rotations {@code (T or 1, C + 1, C + 1)}
     */
    private List<List<Operand<TFloat32>>> projections(int states, Operand<TFloat32> rotations) {
        int width = states * map.channels();
        ModuleScope projection = scope.in("input_proj");
        Operand<TFloat32> affine = tf.concat(
                List.of(
                        projection.parameter("kernel", map.channels(), width),
                        tf.reshape(projection.parameter("bias", width), tf.constant(new int[] {1, width}))),
                tf.constant(0));
        return Slices.parts(tf, affine, 1, states).stream()
                .map(ofState -> slices(MatrixProduct.ofTransposed(tf, Precision.SINGLE, ofState, rotations)))
                .toList();
    }

    /**
     * For every step and state û, {@code (B, C, H·F)}.
     *
     * @param projections for each state and every step
     */
    private List<List<ComplexTensor>> inputs(
            List<ComplexTensor> spectra, List<List<Operand<TFloat32>>> projections) {
        // Without rotation all steps of a still image have the same input.
        int distinct = Math.max(spectra.size(), projections.get(0).size());
        List<List<ComplexTensor>> inputs = new ArrayList<>();
        for (int t = 0; t < distinct; t++) {
            ComplexTensor spectrum = spectra.get(t % spectra.size());
            List<ComplexTensor> ofStep = new ArrayList<>();
            for (List<Operand<TFloat32>> ofState : projections) {
                Operand<TFloat32> matrix = ofState.get(t % ofState.size());
                ofStep.add(spectrum.map(part -> MatrixProduct.of(tf, scope.precision(), matrix, part)));
            }
            inputs.add(ofStep);
        }
        return IntStream.range(0, map.steps()).mapToObj(t -> inputs.get(t % distinct)).toList();
    }

    /** The output projection of the states of a step, its bias left out: {@code (B, C, H·F)}. */
    private ComplexTensor mixed(List<ComplexTensor> states) {
        int channels = map.channels();
        // The states of one channel lie side by side.
        Operand<TFloat32> kernel = tf.reshape(
                scope.in("output_proj").parameter("kernel", (long) states.size() * channels, channels),
                tf.constant(new int[] {channels, states.size() * channels}));
        List<Operand<TFloat32>> kernels = Slices.parts(tf, kernel, 1, states.size());
        return IntStream.range(0, states.size())
                .mapToObj(i -> states.get(i)
                        .map(part -> MatrixProduct.ofTransposed(tf, scope.precision(), kernels.get(i), part)))
                .reduce(ComplexTensor::plus)
                .orElseThrow();
    }

    /** Spectra {@code (B, C, H·F)} of steps as maps, {@code (B, H, W, C)} of one and {@code (B, T, H, W, C)} of all. */
    private Operand<TFloat32> toSpace(List<ComplexTensor> steps, boolean lastStepOnly) {
        int channels = map.channels();
        int[] spectra = {-1, channels, map.height(), map.halfWidth()};
        int[] shape = lastStepOnly
                ? new int[] {-1, map.height(), map.width(), channels}
                : new int[] {-1, map.steps(), map.height(), map.width(), channels};
        ComplexTensor together = new ComplexTensor(
                tf,
                joined(steps.stream().map(ComplexTensor::real).toList()),
                joined(steps.stream().map(ComplexTensor::imaginary).toList()));
        Operand<TFloat32> maps = fft.irfft2(together.map(part -> tf.reshape(part, tf.constant(spectra))));
        return tf.reshape(tf.linalg.transpose(maps, tf.constant(new int[] {0, 2, 3, 1})), tf.constant(shape));
    }

    /** The matrices {@code (m, n)} of a stack {@code (T, m, n)}. */
    private List<Operand<TFloat32>> slices(Operand<TFloat32> stack) {
        Shape shape = stack.shape();
        int steps = Math.toIntExact(shape.get(0));
        int[] matrix = {Math.toIntExact(shape.get(1)), Math.toIntExact(shape.get(2))};
        return Slices.parts(tf, stack, 0, steps).stream()
                .<Operand<TFloat32>>map(slice -> tf.reshape(slice, tf.constant(matrix)))
                .toList();
    }

    private Operand<TFloat32> joined(List<Operand<TFloat32>> parts) {
        return parts.size() == 1 ? parts.get(0) : tf.concat(parts, tf.constant(1));
    }
}
