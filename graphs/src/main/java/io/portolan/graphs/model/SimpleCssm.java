package io.portolan.graphs.model;

import io.portolan.graphs.cells.Cell;
import io.portolan.graphs.cells.FeatureMap;
import io.portolan.graphs.cells.FeatureSequence;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.cells.TimeForm;
import io.portolan.graphs.config.FrameReadout;
import io.portolan.graphs.config.InputForm;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.config.PositionMode;
import io.portolan.graphs.layers.ModuleScope;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * SimpleCSSM ({@code docs/model.md}, section 1.2): a convolutional stem, cells with residual connections, a classifier.
 */
public final class SimpleCssm {
    private final ModelConfig config;
    private final Plan plan;
    private final TimeForm time;
    private final Cell cell;
    private final FeatureMap map;

    public SimpleCssm(ModelConfig config, Plan plan) {
        this(config, plan, TimeForm.UNROLLED);
    }

    /**
     * @param time how the fused plan iterates over time
     * @throws IllegalArgumentException if the number of steps is open, but the plan is faithful or the model takes
     *     still images, whose number of steps is fixed
     */
    public SimpleCssm(ModelConfig config, Plan plan, TimeForm time) {
        boolean isOpen = time == TimeForm.OPEN_SCAN;
        if (isOpen && (config.inputForm() == InputForm.IMAGE || plan == Plan.FAITHFUL)) {
            throw new IllegalArgumentException("only a video model in the fused plan can take any number of frames");
        }
        this.config = config;
        this.plan = plan;
        this.time = time;
        this.cell = Cell.of(config.cell());
        this.map = new FeatureMap(
                isOpen ? FeatureMap.OPEN : config.frames(), config.mapHeight(), config.mapWidth(), config.channels());
    }

    /** Shape of the input: (B, H, W, 3) or (B, T, H, W, 3), where B is unknown, and so is T if it is open. */
    public Shape inputShape() {
        Shape sample = Shape.of(config.input().sampleShape());
        return (map.isOpen() ? sample.tail().prepend(Shape.UNKNOWN_SIZE) : sample).prepend(Shape.UNKNOWN_SIZE);
    }

    /**
     * @param input normalised images or videos of {@link #inputShape}
     * @return logits (B, classes)
     */
    public Operand<TFloat32> logits(ModuleScope scope, Operand<TFloat32> input) {
        Ops tf = scope.tf();
        FeatureSequence x = stem(scope, input);
        if (config.positions() == PositionMode.LEARNABLE) {
            x = x.plus(tf, scope.parameter("pos_embed", 1, 1, map.height(), map.width(), map.channels()));
        }
        for (int i = 0; i < config.depth(); i++) {
            boolean last = i == config.depth() - 1;
            x = cell(
                    scope.in("cssm_" + i), x, last && plan == Plan.FUSED && config.frameReadout() == FrameReadout.LAST);
        }
        boolean lastFrame = config.frameReadout() == FrameReadout.LAST;
        return new Readout(config).apply(scope, lastFrame ? x.atLastStep(tf, map) : x.value());
    }

    /** A cell with its residual connection. */
    private FeatureSequence cell(ModuleScope scope, FeatureSequence x, boolean lastStepOnly) {
        Ops tf = scope.tf();
        Operand<TFloat32> update = scope.output(
                plan.of(scope, map, time).apply(cell, config.kernelSize(), config.positions(), x, lastStepOnly));
        return lastStepOnly ? new FeatureSequence(tf.math.add(x.atLastStep(tf, map), update)) : x.plus(tf, update);
    }

    /** Applies the stem to every frame; the fused plan applies it to a still image once. */
    private FeatureSequence stem(ModuleScope scope, Operand<TFloat32> input) {
        Ops tf = scope.tf();
        Stem stem = new Stem(config);
        if (config.inputForm() == InputForm.IMAGE && plan == Plan.FUSED) {
            return new FeatureSequence(stem.apply(scope, input));
        }
        Operand<TFloat32> video = config.inputForm() == InputForm.VIDEO
                ? input
                : tf.tile(tf.expandDims(input, tf.constant(1)), tf.constant(new int[] {1, config.frames(), 1, 1, 1}));
        int[] frames = {-1, config.imageHeight(), config.imageWidth(), Stem.COLOURS};
        Operand<TFloat32> features = stem.apply(scope, tf.reshape(video, tf.constant(frames)));
        return new FeatureSequence(
                tf.reshape(features, map.perStep(tf, video, map.height(), map.width(), map.channels())));
    }
}
