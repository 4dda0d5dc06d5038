package io.portolan.graphs.model;

import io.portolan.graphs.cells.Cell;
import io.portolan.graphs.cells.FaithfulPlan;
import io.portolan.graphs.cells.FeatureMap;
import io.portolan.graphs.config.InputForm;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.config.PositionMode;
import io.portolan.graphs.layers.ModuleScope;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** SimpleCSSM ({@code docs/model.md}, section 1.2): a convolutional stem, cells with residual connections, a classifier. */
public final class SimpleCssm {
    private final ModelConfig config;
    private final Cell cell;
    private final FeatureMap map;

    public SimpleCssm(ModelConfig config) {
        this.config = config;
        this.cell = Cell.of(config.cell());
        this.map = new FeatureMap(config.frames(), config.mapHeight(), config.mapWidth(), config.channels());
    }

    /** Shape of the input: (B, H, W, 3) or (B, T, H, W, 3), B unknown. */
    public Shape inputShape() {
        return config.inputForm() == InputForm.IMAGE
                ? Shape.of(Shape.UNKNOWN_SIZE, config.imageHeight(), config.imageWidth(), Stem.COLOURS)
                : Shape.of(
                        Shape.UNKNOWN_SIZE, config.frames(), config.imageHeight(), config.imageWidth(), Stem.COLOURS);
    }

    /**
     * @param input normalised images or videos of {@link #inputShape}
     * @return logits (B, classes)
     */
    public Operand<TFloat32> logits(ModuleScope scope, Operand<TFloat32> input) {
        Ops tf = scope.tf();
        Operand<TFloat32> frames = asMergedFrames(tf, input);
        Operand<TFloat32> x = unmerge(tf, new Stem(config).apply(scope, frames));
        if (config.positions() == PositionMode.LEARNABLE) {
            x = tf.math.add(x, scope.parameter("pos_embed", 1, 1, map.height(), map.width(), map.channels()));
        }
        for (int i = 0; i < config.depth(); i++) {
            ModuleScope inCell = scope.in("cssm_" + i);
            Operand<TFloat32> update =
                    new FaithfulPlan(inCell, map).apply(cell, config.kernelSize(), config.positions(), x);
            x = tf.math.add(x, inCell.output(update));
        }
        return new Readout(config).apply(scope, x);
    }

    /** (B·T, H, W, 3); an image is repeated for every step. */
    private Operand<TFloat32> asMergedFrames(Ops tf, Operand<TFloat32> input) {
        Operand<TFloat32> video = config.inputForm() == InputForm.VIDEO
                ? input
                : tf.tile(tf.expandDims(input, tf.constant(1)), tf.constant(new int[] {1, config.frames(), 1, 1, 1}));
        return tf.reshape(
                video, tf.constant(new int[] {-1, config.imageHeight(), config.imageWidth(), Stem.COLOURS}));
    }

    private Operand<TFloat32> unmerge(Ops tf, Operand<TFloat32> x) {
        return tf.reshape(
                x, tf.constant(new int[] {-1, map.steps(), map.height(), map.width(), map.channels()}));
    }
}
