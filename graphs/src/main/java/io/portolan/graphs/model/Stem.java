package io.portolan.graphs.model;

import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.layers.Activation;
import io.portolan.graphs.layers.Layers;
import io.portolan.graphs.layers.ModuleScope;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Two rounds of convolution, activation, norm and pooling: (N, H, W, 3) to (N, ⌈H/4⌉, ⌈W/4⌉, C). */
final class Stem {
    static final int COLOURS = 3;

    private final ModelConfig config;

    Stem(ModelConfig config) {
        this.config = config;
    }

    Operand<TFloat32> apply(ModuleScope scope, Operand<TFloat32> images) {
        Operand<TFloat32> halved = round(scope, 1, images, COLOURS);
        return round(scope, 2, halved, config.channels());
    }

    private Operand<TFloat32> round(ModuleScope scope, int number, Operand<TFloat32> x, int channels) {
        Ops tf = scope.tf();
        ModuleScope conv = scope.in("conv" + number);
        ModuleScope norm = scope.in("norm" + number);
        Operand<TFloat32> convolved = conv.output(Layers.convolution(conv, x, channels, config.channels()));
        Operand<TFloat32> active = Activation.apply(tf, config.activation(), convolved);
        Operand<TFloat32> normalised = norm.output(Layers.normalize(norm, config.norm(), active, config.channels()));
        return tf.nn.maxPool(
                normalised, tf.constant(new int[] {1, 2, 2, 1}), tf.constant(new int[] {1, 2, 2, 1}), "SAME");
    }
}
