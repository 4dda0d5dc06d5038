package io.portolan.graphs.cells;

import io.portolan.graphs.config.PositionMode;
import io.portolan.graphs.layers.ModuleScope;
import io.portolan.graphs.layers.Reductions;
import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.Fft;
import io.portolan.graphs.ops.MatrixProduct;
import io.portolan.graphs.ops.PerChannel;
import io.portolan.graphs.ops.Precision;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.op.core.Unstack;
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
        RotaryEmbedding embedding = new RotaryEmbedding(tf, map);
        Operand<TFloat32> rotated;
        Operand<TFloat32> mean;
        Operand<TFloat32> rotations;
        if (x.isStill()) {
            rotated = embedding.rotateInSpace(positions, x.value());
            mean = embedding.rotateOverTime(positions, Reductions.mapMean(tf, rotated, 1));
            rotations = embedding.timeMatrices(positions);
        } else {
            rotated = embedding.rotate(positions, x.value());
            mean = Reductions.mapMean(tf, rotated, 2);
            rotations = embedding.timeMatrices(PositionMode.NONE);
        }
        Operand<TFloat32> context = cell.gatesSeeTime() ? embedding.addTime(mean) : mean;
        LinearSystem system =
                cell.system(new Gates(scope, map, context), new Kernels(scope, map, kernelSize));

        List<ComplexTensor> inputs = projectedInputs(cell.states(), spectrum(x, rotated), rotations);
        List<ComplexTensor> states = new LinearRecurrence(tf, map, system).states(inputs);
        return readOut(cell.states(), lastStepOnly ? states.subList(map.steps() - 1, map.steps()) : states, lastStepOnly);
    }

    /** {@code (B, T, C, H·F)}, or {@code (B, 1, C, H·F)} of a still image. */
    private ComplexTensor spectrum(Features x, Operand<TFloat32> rotated) {
        int[] channelsFirst = x.isStill() ? new int[] {0, 3, 1, 2} : new int[] {0, 1, 4, 2, 3};
        int steps = x.isStill() ? 1 : map.steps();
        int[] flat = {-1, steps, map.channels(), map.frequencies()};
        return fft.rfft2(tf.linalg.transpose(rotated, tf.constant(channelsFirst)))
                .map(part -> tf.reshape(part, tf.constant(flat)));
    }

    /**
     * For every step the spectra of the states' inputs, {@code (B, states, C, H·F)}.
     *
     * @param rotations {@code (T or 1, C, C)}
     */
    private List<ComplexTensor> projectedInputs(int states, ComplexTensor spectrum, Operand<TFloat32> rotations) {
        int channels = map.channels();
        int width = states * channels;
        ComplexTensor projected;
        if (states == 1) {
            projected = spectrum.map(part -> MatrixProduct.of(tf, scope.precision(), rotations, part));
        } else {
            ModuleScope projection = scope.in("input_proj");
            Operand<TFloat32> kernel = projection.parameter("kernel", channels, width);
            Operand<TFloat32> rotatedKernel = MatrixProduct.ofTransposed(tf, Precision.SINGLE, kernel, rotations);
            ComplexTensor product = spectrum.map(part -> MatrixProduct.of(tf, scope.precision(), rotatedKernel, part));
            projected = product.plusReal(inBinZero(projection.parameter("bias", width), width));
        }
        // Steps may be fewer than T here: without rotation all steps of a still image have the same input.
        int steps = Math.toIntExact(projected.real().shape().get(1));
        int[] byState = {-1, steps, states, channels, map.frequencies()};
        List<ComplexTensor> distinct = unstack(
                projected.map(part -> tf.reshape(part, tf.constant(byState))), steps);
        List<ComplexTensor> inputs = new ArrayList<>();
        for (int t = 0; t < map.steps(); t++) {
            inputs.add(distinct.get(t % steps));
        }
        return inputs;
    }

    /** The spectrum of a constant map for each channel: all of it is in the bin of frequency zero. */
    private Operand<TFloat32> inBinZero(Operand<TFloat32> bias, int channels) {
        float[] bins = new float[map.frequencies()];
        bins[0] = (float) map.height() * map.width();
        return tf.math.mul(tf.reshape(bias, tf.constant(new int[] {channels, 1})), tf.constant(bins));
    }

    /** Projects the states, each {@code (B, states, C, H·F)}, to C channels and takes them back to space. */
    private Operand<TFloat32> readOut(int states, List<ComplexTensor> steps, boolean lastStepOnly) {
        int channels = map.channels();
        int width = states * channels;
        // The states of one channel lie side by side.
        int[] merged = {-1, steps.size(), width, map.frequencies()};
        ComplexTensor together = new ComplexTensor(
                        tf,
                        tf.stack(steps.stream().map(ComplexTensor::real).toList(), Stack.axis(1L)),
                        tf.stack(steps.stream().map(ComplexTensor::imaginary).toList(), Stack.axis(1L)))
                .map(part -> tf.linalg.transpose(part, tf.constant(new int[] {0, 1, 3, 2, 4})))
                .map(part -> tf.reshape(part, tf.constant(merged)));

        int[] spectra = {-1, channels, map.height(), map.halfWidth()};
        int[] shape = lastStepOnly
                ? new int[] {-1, map.height(), map.width(), channels}
                : new int[] {-1, map.steps(), map.height(), map.width(), channels};
        if (states == 1) {
            return toSpace(together, spectra, shape);
        }
        ModuleScope projection = scope.in("output_proj");
        Operand<TFloat32> kernel = projection.parameter("kernel", width, channels);
        Operand<TFloat32> maps =
                toSpace(together.map(part -> MatrixProduct.ofTransposed(tf, scope.precision(), kernel, part)), spectra, shape);
        return PerChannel.add(tf, maps, projection.parameter("bias", channels));
    }

    private Operand<TFloat32> toSpace(ComplexTensor spectrum, int[] spectra, int[] shape) {
        Operand<TFloat32> maps = fft.irfft2(spectrum.map(part -> tf.reshape(part, tf.constant(spectra))));
        return tf.reshape(tf.linalg.transpose(maps, tf.constant(new int[] {0, 2, 3, 1})), tf.constant(shape));
    }

    private List<ComplexTensor> unstack(ComplexTensor tensor, int count) {
        List<Output<TFloat32>> real = tf.unstack(tensor.real(), (long) count, Unstack.axis(1L)).output();
        List<Output<TFloat32>> imaginary = tf.unstack(tensor.imaginary(), (long) count, Unstack.axis(1L)).output();
        List<ComplexTensor> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parts.add(new ComplexTensor(tf, real.get(i), imaginary.get(i)));
        }
        return parts;
    }
}
