package io.portolan.graphs.cells;

import io.portolan.graphs.config.ModelOption;
import io.portolan.graphs.layers.Initializer;
import io.portolan.graphs.layers.ModuleScope;
import io.portolan.graphs.ops.ComplexTensor;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * ConvS5 ({@code docs/model.md}, section 2.19): for each channel M complex states at every place, with input and output by
 * convolutions.
 *
 * <pre>
 *     Λ_m = −e^(a_m) + i·ω_m      Ā_cm = e^(Δ_c Λ_m)
 *     h_t = Ā·h_(t−1) + conv_B(x)      y = D(2·Re Σ_m h_m·conv_C(x)_m)
 * </pre>
 */
final class ConvS5Cell implements Cell {
    private static final Notation NOTATION =
            new Notation(List.of("h"), List.of(List.of("Ā")), Notation.symbols(), Notation.symbols());

    @Override
    public Notation notation() {
        return NOTATION;
    }

    @Override
    public boolean isResidual() {
        return false;
    }

    @Override
    public FeatureSequence apply(CellBuilder in, FeatureSequence sequence) {
        Ops tf = in.tf();
        FeatureMap map = in.map();
        int states = in.options().count(ModelOption.CONVS5_STATE_SIZE);
        Operand<TFloat32> x = in.frames(sequence);
        Operand<TFloat32> input = in.depthwise("B_conv", x, in.kernelSize(), states);
        Operand<TFloat32> output = in.depthwise("C_conv", in.read(x), in.kernelSize(), states);
        Operand<TFloat32> h = in.integrated(decay(in, states), input);

        Operand<TFloat32> products = in.times(h, output);
        int steps = Math.toIntExact(products.shape().get(1));
        int[] byState = {-1, steps, map.height(), map.width(), map.channels(), states};
        Operand<TFloat32> sum = tf.sum(tf.reshape(products, tf.constant(byState)), tf.constant(-1));
        return in.sequence(in.dense("out_proj", tf.math.mul(sum, tf.constant(2f)), map.channels()));
    }

    /** Ā, of channel c and state m at {@code c·M + m}. */
    private static ComplexTensor decay(CellBuilder in, int states) {
        Ops tf = in.tf();
        ModuleScope scope = in.scope();
        int channels = in.map().channels();
        Operand<TFloat32> damping =
                tf.math.exp(scope.parameter("a_log", new Initializer.Constant(Math.log(0.5)), states));
        Operand<TFloat32> frequency = scope.parameter("a_imag", new Initializer.Uniform(0, 2 * Math.PI), states);
        Operand<TFloat32> step = tf.math.exp(tf.reshape(
                scope.parameter("log_Delta", new Initializer.LogUniform(1e-3, 1e-1), channels),
                tf.constant(new int[] {channels, 1})));
        Operand<TFloat32> magnitude = tf.math.exp(tf.math.neg(tf.math.mul(step, damping)));
        Operand<TFloat32> angle = tf.math.mul(step, frequency);
        return new ComplexTensor(
                        tf, tf.math.mul(magnitude, tf.math.cos(angle)), tf.math.mul(magnitude, tf.math.sin(angle)))
                .map(part -> tf.reshape(part, tf.constant(new int[] {channels * states})));
    }
}
