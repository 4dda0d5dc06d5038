package io.portolan.graphs.cells;

import io.portolan.graphs.config.ConfigException;
import io.portolan.graphs.config.GateType;
import io.portolan.graphs.config.ModelOption;
import io.portolan.graphs.config.Options;
import io.portolan.graphs.layers.Initializer;
import io.portolan.graphs.layers.Layers;
import io.portolan.graphs.layers.ModuleScope;
import io.portolan.graphs.layers.Reductions;
import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.Convolution;
import io.portolan.graphs.ops.Fft;
import io.portolan.graphs.ops.PerChannel;
import io.portolan.graphs.ops.Slices;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Sum;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * What a cell's equations are written with. Feature maps are {@code (B, T, H, W, C)} and spectra {@code (B, T, C, H, F)};
 * either has one step instead of T if all steps are the same.
 */
public final class CellBuilder {
    private static final int TIME = 1;
    private static final float EPSILON = 1e-6f;

    private final CellSite site;
    private final CellPlan plan;
    private final Ops tf;
    private final FeatureMap map;
    private final Fft fft;

    CellBuilder(CellSite site, CellPlan plan) {
        this.site = site;
        this.plan = plan;
        this.tf = site.tf();
        this.map = site.map();
        this.fft = new Fft(tf, map.height(), map.width());
    }

    CellPlan plan() {
        return plan;
    }

    Ops tf() {
        return tf;
    }

    ModuleScope scope() {
        return site.scope();
    }

    FeatureMap map() {
        return map;
    }

    Options options() {
        return site.options();
    }

    Kernels kernels() {
        return site.kernels();
    }

    /**
     * An option that divides the number of channels.
     *
     * @throws ConfigException if it does not
     */
    int dividingChannels(ModelOption option) {
        int value = options().count(option);
        if (value == 0 || map.channels() % value != 0) {
            throw new ConfigException("configuration: " + option.label() + " '" + value + "' does not divide embed_dim "
                    + map.channels() + "; expected a divisor of it");
        }
        return value;
    }

    /** The side of spatial kernels as stored. */
    int kernelSize() {
        return site.kernelSize();
    }

    /** Transforms of maps {@code (…, H, W)}, whose channels come before. */
    Fft fft() {
        return fft;
    }

    /** The maps of a sequence. */
    Operand<TFloat32> frames(FeatureSequence x) {
        site.scope().output(CellTrace.INPUT, x.value());
        return plan.frames(x);
    }

    /** The maps of a sequence with their positions. */
    Operand<TFloat32> rotated(FeatureSequence x) {
        return new RotaryEmbedding(tf, map).rotate(site.positions(), frames(x));
    }

    /** The maps of every step, where the ones of all steps are still one. */
    Operand<TFloat32> atEveryStep(Operand<TFloat32> x) {
        return x.shape().get(TIME) == 1 && map.steps() > 1
                ? tf.tile(x, tf.constant(new int[] {1, map.steps(), 1, 1, 1}))
                : x;
    }

    /** The mean over the map, {@code (B, T, C)}. */
    Operand<TFloat32> mean(Operand<TFloat32> x) {
        return Reductions.mapMean(tf, x, 2);
    }

    /** The mean over planes {@code (B, T or 1, C, H, W)}. */
    Operand<TFloat32> meanOfPlanes(Operand<TFloat32> planes) {
        return Reductions.mapMean(tf, planes, 3);
    }

    /** The mean over the map with positions and with the time step added, {@code (B, T, C)}. */
    Operand<TFloat32> meanAndTime(FeatureSequence x) {
        return new RotaryEmbedding(tf, map).addTime(plan.rotatedMean(x));
    }

    /** What gates depend on: the mean over the map with positions and time step, or without both if the options say so. */
    Operand<TFloat32> context(FeatureSequence x) {
        return options().flag(ModelOption.POSITION_INDEPENDENT_GATES) ? mean(frames(x)) : meanAndTime(x);
    }

    /** Equal parts of a Dense layer of a sequence's maps with their positions. */
    Projection projection(String layer, FeatureSequence x, int parts) {
        site.scope().output(CellTrace.INPUT, x.value());
        return new Projection(
                this,
                () -> dense(layer, rotated(x), (long) parts * map.channels()),
                lastStepOnly -> plan.projectedSpectra(layer, x, parts, lastStepOnly),
                plan.ofStill(layer, x, 0, parts),
                parts);
    }

    /** Equal parts of a convolution over the map of a sequence's maps with their positions. */
    Projection convolved(String layer, FeatureSequence x, int side, int parts) {
        site.scope().output(CellTrace.INPUT, x.value());
        return projection(
                () -> convolution(layer, rotated(x), side, (long) parts * map.channels()),
                plan.ofStill(layer, x, side, parts),
                parts);
    }

    /** Equal parts of a Dense layer of a convolution of each channel over the map. */
    Projection separable(String channelwise, String layer, FeatureSequence x, int side, int parts) {
        return projection(
                () -> dense(layer, depthwise(channelwise, rotated(x), side, 1), (long) parts * map.channels()),
                Optional.empty(),
                parts);
    }

    private Projection projection(Supplier<Operand<TFloat32>> layer, Optional<StillProjection> still, int parts) {
        return new Projection(
                this,
                layer,
                lastStepOnly ->
                        split(layer.get(), parts).stream().map(this::rfft2).toList(),
                still,
                parts);
    }

    /** Gates that depend on a context {@code (B, T, C)}, in the form that the options say. */
    Gates gates(Operand<TFloat32> context) {
        site.scope().output(CellTrace.CONTEXT, context);
        return new Gates(site.scope(), map, context, options().gateType());
    }

    /** Gates that depend on a context {@code (B, T, C)}, in a form. */
    Gates gates(Operand<TFloat32> context, GateType form) {
        return new Gates(site.scope(), map, context, form);
    }

    /** All of a cell's gates, in the form that the options say. */
    GateSet gateSet(FeatureSequence x) {
        Operand<TFloat32> context = context(x);
        site.scope().output(CellTrace.CONTEXT, context);
        return new GateSet(this, x, context, options().gateType());
    }

    /** A Dense layer over channels. */
    Operand<TFloat32> dense(String name, Operand<TFloat32> x, long out) {
        return Layers.dense(site.scope().in(name), x, channelsOf(x), out);
    }

    /** Equal parts of the channels. */
    List<Operand<TFloat32>> split(Operand<TFloat32> x, int parts) {
        return Slices.parts(tf, x, x.rank() - 1, parts);
    }

    /** A convolution of each channel over the map; without a size, nothing. */
    Operand<TFloat32> depthwise(String name, Operand<TFloat32> x, int size, int multiplier) {
        long channels = channelsOf(x);
        return size == 0
                ? x
                : ofEveryFrame(x, frame -> Layers.depthwise(site.scope().in(name), frame, size, channels, multiplier));
    }

    /** A convolution over the map. */
    Operand<TFloat32> convolution(String name, Operand<TFloat32> x, int size, long out) {
        long channels = channelsOf(x);
        return ofEveryFrame(x, frame -> Layers.convolution(site.scope().in(name), frame, size, channels, out));
    }

    /** A function of maps {@code (N, H, W, C)}, of each frame. */
    private Operand<TFloat32> ofEveryFrame(Operand<TFloat32> x, UnaryOperator<Operand<TFloat32>> function) {
        int steps = Math.toIntExact(x.shape().get(TIME));
        int height = Math.toIntExact(x.shape().get(2));
        int width = Math.toIntExact(x.shape().get(3));
        Operand<TFloat32> frames =
                tf.reshape(x, tf.constant(new int[] {-1, height, width, Math.toIntExact(channelsOf(x))}));
        Operand<TFloat32> results = function.apply(frames);
        return tf.reshape(
                results, tf.constant(new int[] {-1, steps, height, width, Math.toIntExact(channelsOf(results))}));
    }

    /** A convolution of each channel over time that sees no later step. */
    Operand<TFloat32> causal(ShortConvolution over, Operand<TFloat32> x) {
        return over.isNone() ? x : causal(over.name(), atEveryStep(x), map.steps(), over.size());
    }

    /** Such a convolution over sequences {@code (B, L, C)} of a length of their own; without a size, nothing. */
    Operand<TFloat32> causal(String name, Operand<TFloat32> x, int length, int size) {
        return size == 0 ? x : Layers.causal(site.scope().in(name), x, length, size, channelsOf(x));
    }

    /**
     * A convolution over time and the map of a sequence with its positions, that sees no later step, without a bias and with
     * zeros outside; channels first, {@code (B, T, C, H, W)}.
     *
     * @param kernel the name of the array {@code (steps, side, side, C, C)}
     */
    Operand<TFloat32> causalConvolution(String kernel, FeatureSequence x, int steps, int side) {
        return plan.ofStill(kernel, x, side, 1)
                .map(still -> still.causal(kernel, steps))
                .orElseGet(() -> channelsFirst(causalConvolution(kernel, rotated(x), steps, side)));
    }

    private Operand<TFloat32> causalConvolution(String kernel, Operand<TFloat32> x, int steps, int side) {
        long channels = channelsOf(x);
        Operand<TFloat32> weights = site.scope().parameter(kernel, steps, side, side, channels, channels);
        // All steps' kernels in one convolution, each with output channels of its own.
        Operand<TFloat32> joined = tf.reshape(
                tf.linalg.transpose(weights, tf.constant(new int[] {1, 2, 3, 0, 4})),
                tf.constant(new long[] {side, side, channels, steps * channels}));
        Operand<TFloat32> convolved = atEveryStep(
                ofEveryFrame(x, frame -> Convolution.of(tf, site.scope().precision(), frame, joined)));
        List<Operand<TFloat32>> bySteps = split(convolved, steps);
        return IntStream.range(0, steps)
                .mapToObj(i -> later(bySteps.get(i), steps - 1 - i))
                .reduce(tf.math::add)
                .orElseThrow();
    }

    /** The maps of a number of steps before, zeros before the first. */
    private Operand<TFloat32> later(Operand<TFloat32> x, int by) {
        if (by == 0) {
            return x;
        }
        Operand<TFloat32> padded =
                tf.pad(x, tf.constant(new int[][] {{0, 0}, {by, 0}, {0, 0}, {0, 0}, {0, 0}}), tf.constant(0f));
        return Slices.along(tf, padded, TIME, 0, map.steps(), 1);
    }

    /** A weight of each channel, {@code (C, 1, 1)}. */
    Operand<TFloat32> perChannel(String name, double start) {
        return site.scope().parameter(name, new Initializer.Constant(start), map.channels(), 1, 1);
    }

    /** A convolution over the columns of spectra, one kernel for all channels and rows, with zeros outside. */
    Operand<TFloat32> alongColumns(String name, Operand<TFloat32> spectra, int size) {
        int columns = Math.toIntExact(spectra.shape().get(4));
        ModuleScope scope = site.scope().in(name);
        Operand<TFloat32> kernel = scope.parameter("kernel", size, 1, 1);
        int before = (size - 1) / 2;
        Operand<TFloat32> padded = tf.pad(
                spectra,
                tf.constant(new int[][] {{0, 0}, {0, 0}, {0, 0}, {0, 0}, {before, size - 1 - before}}),
                tf.constant(0f));
        Operand<TFloat32> sum = scope.parameter("bias", 1);
        for (int i = 0; i < size; i++) {
            Operand<TFloat32> weight = tf.reshape(Slices.along(tf, kernel, 0, i, i + 1, 1), tf.constant(new int[] {1}));
            sum = tf.math.add(sum, tf.math.mul(Slices.along(tf, padded, 4, i, i + columns, 1), weight));
        }
        return sum;
    }

    /** Maps divided by the root of their mean square over channels, and scaled by channel. */
    Operand<TFloat32> rms(String scale, Operand<TFloat32> x) {
        Operand<TFloat32> meanSquare = tf.math.mean(tf.math.square(x), tf.constant(-1), Mean.keepDims(true));
        Operand<TFloat32> normed = tf.math.mul(x, tf.math.rsqrt(tf.math.add(meanSquare, tf.constant(EPSILON))));
        long channels = channelsOf(x);
        return PerChannel.multiply(tf, normed, site.scope().parameter(scale, new Initializer.Constant(1), channels));
    }

    /** An input gate of planes, {@code (B, T or 1, C or 1, H, W)}: of every channel at every place, or of places alike for all. */
    Operand<TFloat32> gateOfPlanes(String name, FeatureSequence x, Operand<TFloat32> context) {
        return options().gateType() == GateType.CHANNEL
                ? site.scope()
                        .in(name)
                        .output(tf.math.sigmoid(convolved(name, x, 1, 1).planes(0, ShortConvolution.NONE)))
                : gates(context).overPlaces().sigmoid(name);
    }

    /** {@code (B, T, H, W, C)} to {@code (B, T, C, H, W)}. */
    Operand<TFloat32> channelsFirst(Operand<TFloat32> x) {
        return tf.linalg.transpose(x, channelsFirst(tf));
    }

    /** {@code (B, T, C, H, W)} to {@code (B, T, H, W, C)}. */
    Operand<TFloat32> channelsLast(Operand<TFloat32> x) {
        return tf.linalg.transpose(x, channelsLast(tf));
    }

    /** Spectra divided by the root of the sum of their squares over the stored frequencies, for each channel. */
    ComplexTensor ofUnitLength(ComplexTensor spectrum) {
        Operand<TFloat32> power = spectrum.power();
        Operand<TFloat32> overColumns = tf.sum(power, tf.constant(-1), Sum.keepDims(true));
        Operand<TFloat32> sum = tf.sum(overColumns, tf.constant(-2), Sum.keepDims(true));
        return spectrum.times(tf.math.rsqrt(tf.math.add(sum, tf.constant(EPSILON))));
    }

    /** Spectra by heads, {@code (B, T, heads, C/heads, H, F)}; the channels of a head lie side by side. */
    ComplexTensor byHead(ComplexTensor spectrum, int heads) {
        int steps = Math.toIntExact(spectrum.real().shape().get(TIME));
        int[] shape = {-1, steps, heads, map.channels() / heads, map.height(), map.halfWidth()};
        return spectrum.map(part -> tf.reshape(part, tf.constant(shape)));
    }

    /** The channels {@code (B, T, C, H, F)} of spectra by heads. */
    ComplexTensor channels(ComplexTensor byHead) {
        int steps = Math.toIntExact(byHead.real().shape().get(TIME));
        int[] shape = {-1, steps, map.channels(), map.height(), map.halfWidth()};
        return byHead.map(part -> tf.reshape(part, tf.constant(shape)));
    }

    /** Spectra by heads, divided by the length of each head's vector at each frequency. */
    ComplexTensor normalised(ComplexTensor byHead) {
        Operand<TFloat32> sum = tf.sum(byHead.power(), tf.constant(3), Sum.keepDims(true));
        return byHead.times(tf.math.rsqrt(tf.math.add(sum, tf.constant(EPSILON))));
    }

    /** {@code h_t = decay·h_(t−1) + x_t} at every place, at the steps that are read; see {@link PlacewiseRecurrence}. */
    Operand<TFloat32> integrated(Operand<TFloat32> decay, Operand<TFloat32> x) {
        return placewise().states(decay, x);
    }

    /** The real part of such a recurrence whose decay is complex. */
    Operand<TFloat32> integrated(ComplexTensor decay, Operand<TFloat32> x) {
        return placewise().realParts(decay, x);
    }

    private PlacewiseRecurrence placewise() {
        return new PlacewiseRecurrence(tf, map.steps(), site.lastStepOnly(), plan);
    }

    Operand<TFloat32> silu(Operand<TFloat32> x) {
        return tf.math.mul(x, tf.math.sigmoid(x));
    }

    Operand<TFloat32> oneMinus(Operand<TFloat32> x) {
        return tf.math.sub(tf.constant(1f), x);
    }

    Operand<TFloat32> times(Operand<TFloat32> a, Operand<TFloat32> b) {
        return tf.math.mul(a, b);
    }

    /** The spectra of maps. */
    ComplexTensor rfft2(Operand<TFloat32> x) {
        return fft.rfft2(channelsFirst(x));
    }

    /** The maps of spectra. */
    Operand<TFloat32> irfft2(ComplexTensor spectra) {
        return channelsLast(fft.irfft2(spectra));
    }

    /** The states of a linear system at the steps that are read; see {@link CellPlan#states}. */
    List<ComplexTensor> states(LinearSystem system, List<ComplexTensor> inputs) {
        return states(system, inputs, List.of());
    }

    /** Like {@link #states(LinearSystem, List)}, from states that are not zero. */
    List<ComplexTensor> states(LinearSystem system, List<ComplexTensor> inputs, List<ComplexTensor> initial) {
        return plan.states(system, inputs, initial, site.lastStepOnly());
    }

    /** The states of a linear system at all steps. */
    List<ComplexTensor> statesOfEveryStep(LinearSystem system, List<ComplexTensor> inputs) {
        return plan.states(system, inputs, List.of(), false);
    }

    /** What a rank-one system gives at the steps that are read; see {@link CellPlan#outputs}. */
    ComplexTensor outputs(RankOneSystem system) {
        return plan.outputs(system, site.lastStepOnly());
    }

    /** What a rank-one system gives at all steps. */
    ComplexTensor outputsOfEveryStep(RankOneSystem system) {
        return plan.outputs(system, false);
    }

    /** Whether the last step is the only one that is read. */
    boolean readsLastStep() {
        return site.lastStepOnly();
    }

    /** The steps that are read: all, or the last where nothing else is needed. */
    Operand<TFloat32> read(Operand<TFloat32> perStep) {
        return plan.read(perStep);
    }

    /** The steps that are read. */
    ComplexTensor read(ComplexTensor perStep) {
        return plan.read(perStep);
    }

    /** A cell's output at the steps that are read, {@code (B, steps, H, W, C)}, as a sequence. */
    FeatureSequence sequence(Operand<TFloat32> output) {
        boolean isOneStep = output.shape().get(TIME) == 1 && (site.lastStepOnly() || map.steps() != 1);
        return isOneStep ? FeatureSequence.still(tf, output) : new FeatureSequence(output);
    }

    /** The order of axes that makes {@code (B, T, C, H, W)} of {@code (B, T, H, W, C)}. */
    static Operand<TInt32> channelsFirst(Ops tf) {
        return tf.constant(new int[] {0, 1, 4, 2, 3});
    }

    /** The order of axes that makes {@code (B, T, H, W, C)} of {@code (B, T, C, H, W)}. */
    static Operand<TInt32> channelsLast(Ops tf) {
        return tf.constant(new int[] {0, 1, 3, 4, 2});
    }

    private static long channelsOf(Operand<TFloat32> x) {
        return x.shape().get(x.rank() - 1);
    }
}
