package io.portolan.graphs.model;

import static io.portolan.graphs.config.ModelOption.BETWEEN_CELLS;
import static io.portolan.graphs.config.ModelOption.INTER_MLP_RATIO;

import io.portolan.graphs.cells.Cell;
import io.portolan.graphs.cells.CellSite;
import io.portolan.graphs.cells.FeatureMap;
import io.portolan.graphs.cells.FeatureSequence;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.cells.Positions;
import io.portolan.graphs.cells.TimeForm;
import io.portolan.graphs.config.FrameReadout;
import io.portolan.graphs.config.InputForm;
import io.portolan.graphs.config.SimpleCssmConfig;
import io.portolan.graphs.layers.Activation;
import io.portolan.graphs.layers.Initializer;
import io.portolan.graphs.layers.Layers;
import io.portolan.graphs.layers.ModuleScope;
import io.portolan.graphs.layers.Normalization;
import io.portolan.graphs.ops.Slices;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** SimpleCSSM ({@code docs/model.md}, section 1.2): a convolutional stem, cells with residual connections, a classifier. */
final class SimpleCssm implements Model {
    private static final Initializer TOKENS = new Initializer.Normal(0.02);

    private final SimpleCssmConfig config;
    private final Plan plan;
    private final TimeForm time;
    private final Cell cell;
    private final FeatureMap map;
    private final FeatureMap frames;

    /**
     * Prepares a model.
     *
     * @param time the form of the fused plan's recurrence
     * @throws IllegalArgumentException if the number of steps is open but the plan is faithful or the input is a still
     *     image, which has steps but no frames
     */
    SimpleCssm(SimpleCssmConfig config, Plan plan, TimeForm time) {
        boolean isOpen = time == TimeForm.OPEN_SCAN;
        if (isOpen && (config.inputForm() == InputForm.IMAGE || plan == Plan.FAITHFUL)) {
            throw new IllegalArgumentException("only a video model in the fused plan can take any number of frames");
        }
        this.config = config;
        this.plan = plan;
        this.time = time;
        this.cell = Cell.of(config.cell(), config.options());
        this.map = map(isOpen ? FeatureMap.OPEN : config.steps());
        this.frames = map(isOpen ? FeatureMap.OPEN : config.frames());
    }

    private FeatureMap map(int steps) {
        return new FeatureMap(steps, config.mapHeight(), config.mapWidth(), config.channels());
    }

    @Override
    public Shape inputShape() {
        Shape sample = Shape.of(config.input().sampleShape());
        return (map.isOpen() ? sample.tail().prepend(Shape.UNKNOWN_SIZE) : sample).prepend(Shape.UNKNOWN_SIZE);
    }

    @Override
    public Operand<TFloat32> logits(ModuleScope scope, Operand<TFloat32> input) {
        Ops tf = scope.tf();
        FeatureSequence x = Positions.mark(scope, frames, config, stem(scope, input));
        x = withRegisters(scope, x);
        for (int i = 0; i < config.depth(); i++) {
            boolean isLast = i == config.depth() - 1;
            x = cell(scope.in("cssm_" + i), x, isLast && plan == Plan.FUSED && readsLastFrame());
            if (!isLast) {
                x = between(scope, i, x);
            }
        }
        return new Readout(config)
                .apply(scope, readsLastFrame() ? x.atLastStep(tf, map) : withoutRegisters(tf, x.withTime(tf)));
    }

    private boolean readsLastFrame() {
        return config.frameReadout() == FrameReadout.LAST;
    }

    /** A cell and the residual connection around it. */
    private FeatureSequence cell(ModuleScope scope, FeatureSequence x, boolean lastStepOnly) {
        Ops tf = scope.tf();
        CellSite site = new CellSite(
                scope, map, time, config.positions().inCells(), config.kernelSize(), config.options(), lastStepOnly);
        FeatureSequence update = cell.apply(plan.builder(site), x);
        scope.output(update.value());
        if (!cell.isResidual()) {
            return update;
        }
        return lastStepOnly
                ? new FeatureSequence(tf.math.add(x.atLastStep(tf, map), update.value()))
                : x.plus(tf, update.withTime(tf));
    }

    /** What stands between two cells: norm and activation, and an MLP. */
    private FeatureSequence between(ModuleScope scope, int index, FeatureSequence x) {
        Ops tf = scope.tf();
        Operand<TFloat32> y = x.withTime(tf);
        if (cell.allowsNormBehind() && config.options().text(BETWEEN_CELLS).equals("norm")) {
            ModuleScope norm = scope.in("body_norm_" + index);
            Operand<TFloat32> normed = norm.output(Normalization.apply(norm, config.bodyNorm(), y, config.channels()));
            y = Activation.apply(tf, config.activation(), normed);
        }
        int hidden = (int) (config.channels() * config.options().ratio(INTER_MLP_RATIO));
        if (hidden > 0) {
            Operand<TFloat32> up = Layers.dense(scope.in("mlp_" + index + "_up"), y, config.channels(), hidden);
            Operand<TFloat32> active = Activation.apply(tf, config.activation(), up);
            y = tf.math.add(y, Layers.dense(scope.in("mlp_" + index + "_down"), active, hidden, config.channels()));
        }
        return x.isStill() ? FeatureSequence.still(tf, y) : new FeatureSequence(y);
    }

    /** Applies the stem to every frame; in the fused plan, to an image once. */
    private FeatureSequence stem(ModuleScope scope, Operand<TFloat32> input) {
        Ops tf = scope.tf();
        Stem stem = new Stem(config);
        if (config.inputForm() == InputForm.IMAGE && plan == Plan.FUSED) {
            return new FeatureSequence(stem.apply(scope, input));
        }
        Operand<TFloat32> video = config.inputForm() == InputForm.VIDEO
                ? input
                : tf.tile(tf.expandDims(input, tf.constant(1)), tf.constant(new int[] {1, config.frames(), 1, 1, 1}));
        int[] images = {-1, config.imageHeight(), config.imageWidth(), Stem.COLOURS};
        Operand<TFloat32> features = stem.apply(scope, tf.reshape(video, tf.constant(images)));
        return new FeatureSequence(
                tf.reshape(features, frames.perStep(tf, video, map.height(), map.width(), map.channels())));
    }

    /** Puts learned maps in front of the frames. */
    private FeatureSequence withRegisters(ModuleScope scope, FeatureSequence x) {
        int count = config.registerTokens();
        if (count == 0) {
            return x;
        }
        Ops tf = scope.tf();
        Operand<TFloat32> all = x.atEveryStep(tf, config.frames());
        Operand<TFloat32> tokens =
                scope.parameter("register_tokens", TOKENS, 1, count, map.height(), map.width(), map.channels());
        // Of a tensor's first frame nothing but the batch is left, and the tokens are added.
        Operand<TFloat32> zeros = tf.zerosLike(Slices.along(tf, all, 1, 0, 1, 1));
        return new FeatureSequence(tf.concat(List.of(tf.math.add(zeros, tokens), all), tf.constant(1)));
    }

    private Operand<TFloat32> withoutRegisters(Ops tf, Operand<TFloat32> x) {
        int count = config.registerTokens();
        return count == 0
                ? x
                : tf.slice(x, tf.constant(new int[] {0, count, 0, 0, 0}), tf.constant(new int[] {-1, -1, -1, -1, -1}));
    }
}
