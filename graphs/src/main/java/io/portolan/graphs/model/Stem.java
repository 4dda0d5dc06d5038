package io.portolan.graphs.model;

import static io.portolan.graphs.config.ModelOption.STEM_NORM_ORDER;

import io.portolan.graphs.config.SimpleCssmConfig;
import io.portolan.graphs.layers.Activation;
import io.portolan.graphs.layers.Layers;
import io.portolan.graphs.layers.ModuleScope;
import io.portolan.graphs.layers.Normalization;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Rounds of 3×3 convolution, activation, norm and pooling, each of which halves (N, H, W, 3) to (N, ⌈H/2⌉, ⌈W/2⌉, C); or,
 * for PathTracker, one round of a 1×1 convolution without pooling. The norm may come first.
 */
final class Stem {
    static final int COLOURS = 3;

    private final SimpleCssmConfig config;

    Stem(SimpleCssmConfig config) {
        this.config = config;
    }

    Operand<TFloat32> apply(ModuleScope scope, Operand<TFloat32> images) {
        if (config.hasPathtrackerStem()) {
            return normed(scope, 1, active(scope, convolved(scope, 1, images, 1)));
        }
        Operand<TFloat32> x = images;
        for (int i = 1; i <= config.halvings(); i++) {
            x = pooled(scope.tf(), round(scope, i, x));
        }
        return x;
    }

    private Operand<TFloat32> round(ModuleScope scope, int number, Operand<TFloat32> x) {
        return config.options().text(STEM_NORM_ORDER).equals("pre")
                ? convolved(scope, number, active(scope, normed(scope, number, x)), 3)
                : normed(scope, number, active(scope, convolved(scope, number, x, 3)));
    }

    private Operand<TFloat32> convolved(ModuleScope scope, int number, Operand<TFloat32> x, int side) {
        ModuleScope conv = scope.in("conv" + number);
        return conv.output(Layers.convolution(conv, x, side, channels(x), config.channels()));
    }

    private Operand<TFloat32> active(ModuleScope scope, Operand<TFloat32> x) {
        return Activation.apply(scope.tf(), config.activation(), x);
    }

    private Operand<TFloat32> normed(ModuleScope scope, int number, Operand<TFloat32> x) {
        ModuleScope norm = scope.in("norm" + number);
        return norm.output(Normalization.apply(norm, config.stemNorm(), x, channels(x)));
    }

    private static Operand<TFloat32> pooled(Ops tf, Operand<TFloat32> x) {
        return tf.nn.maxPool(x, tf.constant(new int[] {1, 2, 2, 1}), tf.constant(new int[] {1, 2, 2, 1}), "SAME");
    }

    private static long channels(Operand<TFloat32> x) {
        return x.shape().get(3);
    }
}
