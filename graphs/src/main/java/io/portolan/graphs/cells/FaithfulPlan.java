package io.portolan.graphs.cells;

import io.portolan.graphs.config.GateType;
import io.portolan.graphs.layers.Layers;
import io.portolan.graphs.layers.ModuleScope;
import io.portolan.graphs.layers.Reductions;
import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.Fft;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TFloat32;

/**
 * A plan that follows the reference step by step: every frame, every transform, and the scan in log space and in the
 * reference's order.
 */
final class FaithfulPlan implements CellPlan {
    private final CellSite site;
    private final ModuleScope scope;
    private final Ops tf;
    private final FeatureMap map;
    private final Fft fft;

    FaithfulPlan(CellSite site) {
        this.site = site;
        this.scope = site.scope();
        this.tf = site.tf();
        this.map = site.map();
        this.fft = new Fft(tf, map.height(), map.width());
    }

    @Override
    public FeatureSequence apply(LinearCell cell, FeatureSequence x) {
        Operand<TFloat32> frames = frames(x);
        RotaryEmbedding embedding = new RotaryEmbedding(tf, map);
        Operand<TFloat32> rotated = embedding.rotate(site.positions(), frames);
        Operand<TFloat32> context = switch (cell.context()) {
            case MEAN -> Reductions.mapMean(tf, rotated, 2);
            case MEAN_AND_TIME -> embedding.addTime(Reductions.mapMean(tf, rotated, 2));
            case MEAN_WITHOUT_POSITIONS -> Reductions.mapMean(tf, frames, 2);
        };
        Gates gates = new Gates(scope, map, context, GateType.DENSE);
        LinearSystem system = cell.system(gates, site.kernels());
        List<ComplexTensor> states = states(system, inputSpectra(cell, rotated), List.of(), false);
        return new FeatureSequence(readOut(cell, states, cell.outputGate(gates)));
    }

    @Override
    public Operand<TFloat32> frames(FeatureSequence x) {
        return x.atEveryStep(tf, map.steps());
    }

    @Override
    public Operand<TFloat32> rotatedMean(FeatureSequence x) {
        return Reductions.mapMean(tf, rotated(x), 2);
    }

    @Override
    public List<ComplexTensor> projectedSpectra(String layer, FeatureSequence x, int parts, boolean lastStepOnly) {
        return spectra(Layers.dense(scope.in(layer), rotated(x), map.channels(), (long) parts * map.channels()), parts);
    }

    private Operand<TFloat32> rotated(FeatureSequence x) {
        return new RotaryEmbedding(tf, map).rotate(site.positions(), frames(x));
    }

    @Override
    public List<ComplexTensor> states(
            LinearSystem system, List<ComplexTensor> inputs, List<ComplexTensor> initial, boolean lastStepOnly) {
        return new LogSpaceSolver(tf, map.steps()).states(system, inputs, initial);
    }

    @Override
    public ComplexTensor outputs(RankOneSystem system, boolean lastStepOnly) {
        return system.inLogSpace(tf, map.steps());
    }

    @Override
    public Operand<TFloat32> read(Operand<TFloat32> perStep) {
        return perStep;
    }

    /** For each state, the spectrum {@code (B, T, C, H, F)} of its block of the input projection. */
    private List<ComplexTensor> inputSpectra(LinearCell cell, Operand<TFloat32> x) {
        int channels = map.channels();
        int states = cell.states();
        Operand<TFloat32> projected = cell.wiring().inputProjection()
                ? Layers.dense(scope.in("input_proj"), x, channels, (long) states * channels)
                : x;
        return spectra(projected, states);
    }

    /** The spectra of equal parts of the channels. */
    private List<ComplexTensor> spectra(Operand<TFloat32> x, int parts) {
        int channels = map.channels();
        Operand<TFloat32> channelsFirst = tf.linalg.transpose(x, CellBuilder.channelsFirst(tf));
        ComplexTensor spectrum = fft.rfft2(channelsFirst);
        List<ComplexTensor> blocks = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            int[] begin = {0, 0, i * channels, 0, 0};
            int[] size = {-1, map.steps(), channels, map.height(), map.halfWidth()};
            blocks.add(spectrum.map(part -> tf.slice(part, tf.constant(begin), tf.constant(size))));
        }
        return blocks;
    }

    /**
     * Transforms the states that are read back to space and projects them; the projection expects the states of one
     * channel side by side.
     */
    private Operand<TFloat32> readOut(LinearCell cell, List<ComplexTensor> states, Operand<TFloat32> gate) {
        Wiring wiring = cell.wiring();
        List<Operand<TFloat32>> maps = wiring.read().stream()
                .map(i -> wiring.normalised()
                        ? StateNorm.of(scope, i, cell.states(), map.channels(), 2)
                                .apply(tf, states.get(i), UnaryOperator.identity())
                        : states.get(i))
                .map(state -> fft.irfft2(state.times(gate)))
                .<Operand<TFloat32>>map(part -> tf.linalg.transpose(part, tf.constant(new int[] {0, 1, 3, 4, 2})))
                .toList();
        if (!wiring.outputProjection()) {
            return maps.get(0);
        }
        int width = map.channels() * maps.size();
        Operand<TFloat32> interleaved = tf.reshape(
                tf.stack(maps, Stack.axis(-1L)),
                tf.constant(new int[] {-1, map.steps(), map.height(), map.width(), width}));
        return Layers.dense(scope.in("output_proj"), interleaved, width, map.channels());
    }
}
