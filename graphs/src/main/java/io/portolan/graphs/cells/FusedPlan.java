package io.portolan.graphs.cells;

import io.portolan.graphs.config.GateType;
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
import java.util.Optional;
import java.util.stream.IntStream;
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
final class FusedPlan implements CellPlan {
    private final CellSite site;
    private final ModuleScope scope;
    private final Ops tf;
    private final FeatureMap map;
    private final Fft fft;
    private final boolean stepByStep;
    /** The cell's recurrences, in the order that they were built. */
    private final List<TakenApart> recurrences = new ArrayList<>();

    FusedPlan(CellSite site) {
        this(site, false);
    }

    private FusedPlan(CellSite site, boolean stepByStep) {
        this.site = site;
        this.stepByStep = stepByStep;
        this.scope = site.scope();
        this.tf = site.tf();
        this.map = site.map();
        this.fft = new Fft(tf, map.height(), map.width());
    }

    /** This plan without the identities that leave out steps, so that recurrences can be {@linkplain TakenApart taken apart}. */
    static FusedPlan stepByStep(CellSite site) {
        return new FusedPlan(site, true);
    }

    @Override
    public FeatureSequence apply(LinearCell cell, FeatureSequence x) {
        scope.output(CellTrace.INPUT, x.value());
        Wiring wiring = cell.wiring();
        PositionMode positions = site.positions();
        int planes = wiring.inputProjection() ? map.channels() + 1 : map.channels();
        RotaryEmbedding embedding = new RotaryEmbedding(tf, map);
        boolean ignoresPositions = cell.context() == GateContext.MEAN_WITHOUT_POSITIONS;
        Operand<TFloat32> rotated;
        Operand<TFloat32> mean;
        Operand<TFloat32> rotations;
        if (x.isStill()) {
            rotated = embedding.rotateInSpace(positions, x.value());
            Operand<TFloat32> ofImage = Reductions.mapMean(tf, ignoresPositions ? x.value() : rotated, 1);
            mean = embedding.rotateOverTime(ignoresPositions ? PositionMode.NONE : positions, ofImage);
            rotations = embedding.timeMatrices(positions, planes);
        } else {
            rotated = embedding.rotate(positions, x.value());
            mean = Reductions.mapMean(tf, ignoresPositions ? x.value() : rotated, 2);
            rotations = embedding.timeMatrices(PositionMode.NONE, planes);
        }
        Operand<TFloat32> context = cell.context() == GateContext.MEAN_AND_TIME ? embedding.addTime(mean) : mean;
        scope.output(CellTrace.CONTEXT, context);
        Gates gates = new Gates(scope, map, context, GateType.DENSE);
        LinearSystem system = cell.system(gates, site.kernels());

        StepInputs inputs = wiring.inputProjection()
                ? new StepInputs(spectrum(withOnes(rotated)), projections("input_proj", cell.states(), rotations))
                : new StepInputs(spectrum(rotated), List.of(rotations));
        StateMixing mixing = new StateMixing(
                scope.precision(),
                wiring.read(),
                wiring.normalised() ? norms(wiring, cell.states()) : List.of(),
                wiring.outputProjection() ? mixingKernels(wiring) : List.of());
        Operand<TFloat32> outputGate = cell.outputGate(gates);
        Recurrence recurrence = site.time() == TimeForm.UNROLLED
                ? new UnrolledRecurrence(tf, scope.precision(), map, system, outputGate, inputs, mixing)
                : new ScannedRecurrence(tf, scope.precision(), map, system, outputGate, inputs, mixing);
        recurrences.add(new SolvedSystem(recurrence.steps()));
        Operand<TFloat32> maps = toSpace(site.lastStepOnly() ? recurrence.lastOutput() : recurrence.outputs());
        return new FeatureSequence(
                wiring.outputProjection()
                        ? PerChannel.add(tf, maps, scope.in("output_proj").parameter("bias", map.channels()))
                        : maps);
    }

    @Override
    public Operand<TFloat32> frames(FeatureSequence x) {
        requireUnrolled();
        return x.withTime(tf);
    }

    /** The rotation over time commutes with the mean. */
    @Override
    public Operand<TFloat32> rotatedMean(FeatureSequence x) {
        RotaryEmbedding embedding = new RotaryEmbedding(tf, map);
        return x.isStill()
                ? embedding.rotateOverTime(
                        site.positions(),
                        Reductions.mapMean(tf, embedding.rotateInSpace(site.positions(), x.value()), 1))
                : Reductions.mapMean(tf, embedding.rotate(site.positions(), x.value()), 2);
    }

    /** Mixing channels, the rotation over time too, commutes with the transform. */
    @Override
    public List<ComplexTensor> projectedSpectra(String layer, FeatureSequence x, int parts, boolean lastStepOnly) {
        RotaryEmbedding embedding = new RotaryEmbedding(tf, map);
        int planes = map.channels() + 1;
        boolean isStill = x.isStill();
        Operand<TFloat32> rotated = isStill
                ? embedding.rotateInSpace(site.positions(), x.value())
                : embedding.rotate(site.positions(), x.value());
        ComplexTensor whole = spectrum(withOnes(rotated));
        ComplexTensor spectrum = isStill
                ? whole.map(part -> tf.expandDims(part, tf.constant(1)))
                : lastStepOnly ? whole.map(part -> Slices.along(tf, part, 1, map.steps() - 1, map.steps(), 1)) : whole;
        Operand<TFloat32> ofSteps = embedding.timeMatrices(isStill ? site.positions() : PositionMode.NONE, planes);
        int distinct = Math.toIntExact(ofSteps.shape().get(0));
        Operand<TFloat32> rotations = lastStepOnly ? Slices.along(tf, ofSteps, 0, distinct - 1, distinct, 1) : ofSteps;
        int steps = lastStepOnly ? 1 : isStill ? distinct : map.steps();
        int[] shape = {-1, steps, map.channels(), map.height(), map.halfWidth()};
        return projections(layer, parts, rotations).stream()
                .map(matrix -> spectrum.map(
                        part -> tf.reshape(MatrixProduct.of(tf, scope.precision(), matrix, part), tf.constant(shape))))
                .toList();
    }

    @Override
    public Optional<StillProjection> ofStill(String layer, FeatureSequence x, int side, int parts) {
        return x.isStill()
                ? Optional.of(new StillProjection(
                        site,
                        new RotaryEmbedding(tf, map).rotateInSpace(site.positions(), x.value()),
                        layer,
                        side,
                        parts))
                : Optional.empty();
    }

    /** Step by step in plain complex numbers. */
    @Override
    public List<ComplexTensor> states(
            LinearSystem system, List<ComplexTensor> inputs, List<ComplexTensor> initial, boolean lastStepOnly) {
        requireUnrolled();
        TimeSlices at = new TimeSlices(tf);
        List<SolvedStep> steps = new ArrayList<>();
        List<ComplexTensor> previous = initial;
        for (int t = 0; t < map.steps(); t++) {
            int step = t;
            RecurrenceStep recurrence =
                    new RecurrenceStep(tf, system, gate -> at.step(gate, step), kernel -> at.step(kernel, step));
            steps.add(SolvedStep.of(
                    recurrence,
                    inputs.stream().map(input -> at.step(input, step)).toList(),
                    previous));
            previous = steps.get(t).states();
        }
        recurrences.add(new SolvedSystem(steps));
        List<SolvedStep> read = lastStepOnly ? steps.subList(steps.size() - 1, steps.size()) : steps;
        return IntStream.range(0, inputs.size())
                .mapToObj(i -> ComplexTensor.stack(
                        tf, read.stream().map(solved -> solved.states().get(i)).toList(), 1))
                .toList();
    }

    /** The cell's recurrences, in the order that they were built. */
    List<TakenApart> recurrences() {
        return recurrences;
    }

    @Override
    public boolean isStepByStep() {
        return stepByStep;
    }

    @Override
    public void took(TakenApart recurrence) {
        recurrences.add(recurrence);
    }

    @Override
    public ComplexTensor outputs(RankOneSystem system, boolean lastStepOnly) {
        requireUnrolled();
        if (lastStepOnly && !stepByStep) {
            return system.lastStep(tf, map.steps());
        }
        SolvedRule rule = new SolvedRule(system, system.states(tf, map.steps()));
        recurrences.add(rule);
        return system.outputs(tf, rule.columns());
    }

    @Override
    public Operand<TFloat32> read(Operand<TFloat32> perStep) {
        return site.lastStepOnly() && perStep.shape().get(1) != 1
                ? Slices.along(tf, perStep, 1, map.steps() - 1, map.steps(), 1)
                : perStep;
    }

    private void requireUnrolled() {
        if (site.time() != TimeForm.UNROLLED) {
            throw new IllegalArgumentException("the steps of this cell cannot be a loop, only unrolled");
        }
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
     * For each state, the projection of the rotated channels and the ones, {@code (1 or T, C, C + 1)}.
     *
     * @param rotations {@code (1 or T, C + 1, C + 1)}
     */
    private List<Operand<TFloat32>> projections(String layer, int states, Operand<TFloat32> rotations) {
        int width = states * map.channels();
        ModuleScope projection = scope.in(layer);
        Operand<TFloat32> affine = tf.concat(
                List.of(
                        projection.parameter("kernel", map.channels(), width),
                        tf.reshape(projection.parameter("bias", width), tf.constant(new int[] {1, width}))),
                tf.constant(0));
        return Slices.parts(tf, affine, 1, states).stream()
                .map(ofState -> MatrixProduct.ofTransposed(tf, Precision.SINGLE, ofState, rotations))
                .toList();
    }

    private List<StateNorm> norms(Wiring wiring, int states) {
        return wiring.read().stream()
                .map(i -> StateNorm.of(scope, i, states, map.channels(), 1))
                .toList();
    }

    /** The output projection's part for each state that is read. The states of one channel lie side by side in it. */
    private List<Operand<TFloat32>> mixingKernels(Wiring wiring) {
        int channels = map.channels();
        int states = wiring.read().size();
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
