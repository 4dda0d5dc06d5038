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
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A plan that uses algebraic identities to avoid most of the work ({@code docs/model.md}, section 7). The recurrence is
 * computed in plain complex numbers. The Fourier transform commutes with mixing channels, so it comes before the input
 * projection and after the output projection. For a still image, one transform serves every step, because the rotation
 * of a step is a matrix that is multiplied into the projection.
 */
public final class FusedPlan implements CellPlan {
    private final ModuleScope scope;
    private final Ops tf;
    private final FeatureMap map;
    private final TimeForm time;
    private final Fft fft;

    public FusedPlan(ModuleScope scope, FeatureMap map, TimeForm time) {
        this.scope = scope;
        this.tf = scope.tf();
        this.map = map;
        this.time = time;
        this.fft = new Fft(tf, map.height(), map.width());
    }

    @Override
    public Operand<TFloat32> apply(
            Cell cell, int kernelSize, PositionMode positions, FeatureSequence x, boolean lastStepOnly) {
        scope.output(CellTrace.INPUT, x.value());
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
        scope.output(CellTrace.CONTEXT, context);
        LinearSystem system = cell.system(new Gates(scope, map, context), new Kernels(scope, map, kernelSize));

        StepInputs inputs = projects
                ? new StepInputs(spectrum(withOnes(rotated)), projections(cell.states(), rotations))
                : new StepInputs(spectrum(rotated), List.of(rotations));
        StateMixing mixing = new StateMixing(scope.precision(), projects ? mixingKernels(cell.states()) : List.of());
        Recurrence recurrence = time == TimeForm.UNROLLED
                ? new UnrolledRecurrence(tf, scope.precision(), map, system, inputs, mixing)
                : new ScannedRecurrence(tf, scope.precision(), map, system, inputs, mixing);
        CellTrace.record(scope, recurrence.states());
        Operand<TFloat32> maps = toSpace(lastStepOnly ? recurrence.lastOutput() : recurrence.outputs());
        return projects ? PerChannel.add(tf, maps, scope.in("output_proj").parameter("bias", map.channels())) : maps;
    }

    /** Appends a channel of ones, whose weight is a bias. */
    private Operand<TFloat32> withOnes(Operand<TFloat32> x) {
        int[][] paddings = new int[x.rank()][2];
        paddings[x.rank() - 1][1] = 1;
        return tf.pad(x, tf.constant(paddings), tf.constant(1f));
    }

    /**
     * The spectrum {@code (B, planes, H·F)} of {@code (B, H, W, planes)}, or {@code (B, T, planes, H·F)} of {@code (B,
     * T, H, W, planes)}.
     */
    private ComplexTensor spectrum(Operand<TFloat32> x) {
        boolean isStill = x.rank() == 4;
        int planes = Math.toIntExact(x.shape().get(x.rank() - 1));
        int[] channelsFirst = isStill ? new int[] {0, 3, 1, 2} : new int[] {0, 1, 4, 2, 3};
        Operand<TInt32> shape = isStill
                ? tf.constant(new int[] {-1, planes, map.frequencies()})
                : map.perStep(tf, x, planes, map.frequencies());
        return fft.rfft2(tf.linalg.transpose(x, tf.constant(channelsFirst))).map(part -> tf.reshape(part, shape));
    }

    /**
     * For each state, the input projection of the rotated channels and the ones, {@code (1 or T, C, C + 1)}.
     *
     * @param rotations {@code (1 or T, C + 1, C + 1)}
     */
    private List<Operand<TFloat32>> projections(int states, Operand<TFloat32> rotations) {
        int width = states * map.channels();
        ModuleScope projection = scope.in("input_proj");
        Operand<TFloat32> affine = tf.concat(
                List.of(
                        projection.parameter("kernel", map.channels(), width),
                        tf.reshape(projection.parameter("bias", width), tf.constant(new int[] {1, width}))),
                tf.constant(0));
        return Slices.parts(tf, affine, 1, states).stream()
                .map(ofState -> MatrixProduct.ofTransposed(tf, Precision.SINGLE, ofState, rotations))
                .toList();
    }

    /**
     * The block of the output projection for each state. The projection expects the states of one channel side by side.
     */
    private List<Operand<TFloat32>> mixingKernels(int states) {
        int channels = map.channels();
        Operand<TFloat32> kernel = scope.in("output_proj").parameter("kernel", (long) states * channels, channels);
        return Slices.parts(tf, tf.reshape(kernel, tf.constant(new int[] {channels, states * channels})), 1, states);
    }

    /**
     * Transforms spectra {@code (B, C, H·F)} to maps {@code (B, H, W, C)}, or {@code (B, T, C, H·F)} to {@code (B, T,
     * H, W, C)}.
     */
    private Operand<TFloat32> toSpace(ComplexTensor spectra) {
        boolean isOneStep = spectra.real().rank() == 3;
        int[] planes = {map.channels(), map.height(), map.halfWidth()};
        Operand<TInt32> shape = isOneStep
                ? tf.constant(new int[] {-1, planes[0], planes[1], planes[2]})
                : map.perStep(tf, spectra.real(), planes);
        int[] channelsLast = isOneStep ? new int[] {0, 2, 3, 1} : new int[] {0, 1, 3, 4, 2};
        Operand<TFloat32> maps = fft.irfft2(spectra.map(part -> tf.reshape(part, shape)));
        return tf.linalg.transpose(maps, tf.constant(channelsLast));
    }
}
