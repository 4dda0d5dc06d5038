package io.portolan.graphs.model;

import io.portolan.graphs.config.ModelOption;
import io.portolan.graphs.config.SimpleCssmConfig;
import io.portolan.graphs.layers.Activation;
import io.portolan.graphs.layers.Layers;
import io.portolan.graphs.layers.ModuleScope;
import io.portolan.graphs.layers.Normalization;
import io.portolan.graphs.layers.Reductions;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The classifier: norm, activation, pooling, norm and Dense, from the features of the last frame (B, H, W, C) or of all
 * frames (B, T, H, W, C) to logits (B, classes).
 */
final class Readout {
    private final SimpleCssmConfig config;

    Readout(SimpleCssmConfig config) {
        this.config = config;
    }

    Operand<TFloat32> apply(ModuleScope scope, Operand<TFloat32> features) {
        Ops tf = scope.tf();
        ModuleScope norm = scope.in("norm_pre");
        Operand<TFloat32> prepared =
                config.options().text(ModelOption.READOUT_NORM).equals("post")
                        ? norm(norm, active(tf, features))
                        : active(tf, norm(norm, features));
        Operand<TFloat32> pooled = norm(scope.in("norm_post"), pool(tf, prepared));
        // Single precision, because these are few numbers and the loss depends on their differences.
        return Layers.dense(scope.in("head").inSinglePrecision(), pooled, config.channels(), config.classes());
    }

    private Operand<TFloat32> active(Ops tf, Operand<TFloat32> x) {
        return Activation.apply(tf, config.activation(), x);
    }

    private Operand<TFloat32> norm(ModuleScope scope, Operand<TFloat32> x) {
        return scope.output(Normalization.apply(scope, config.bodyNorm(), x, config.channels()));
    }

    /** Pools over the map, and over time too if the features have a time axis. */
    private Operand<TFloat32> pool(Ops tf, Operand<TFloat32> x) {
        boolean overTime = x.rank() == 5;
        return switch (config.pooling()) {
            case MEAN -> {
                Operand<TFloat32> perFrame = Reductions.mapMean(tf, x, overTime ? 2 : 1);
                yield overTime ? tf.math.mean(perFrame, tf.constant(1)) : perFrame;
            }
            case MAX -> Reductions.max(tf, x, overTime ? new int[] {1, 2, 3} : new int[] {1, 2});
        };
    }
}
