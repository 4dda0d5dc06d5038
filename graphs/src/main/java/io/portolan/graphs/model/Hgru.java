package io.portolan.graphs.model;

import io.portolan.graphs.config.HgruConfig;
import io.portolan.graphs.layers.BatchNorm;
import io.portolan.graphs.layers.Initializer;
import io.portolan.graphs.layers.Layers;
import io.portolan.graphs.layers.ModuleScope;
import io.portolan.graphs.layers.Reductions;
import io.portolan.graphs.ops.PerChannel;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * hGRU (Linsley et al. 2018; {@code docs/model.md}, section 8.1): one layer of horizontal connections that settle over T
 * steps. All steps see the image X through one convolution; H² is zero before the first.
 *
 * <pre>
 *     G¹ = σ(U¹∗H² + b¹)          C¹ = W∗(G¹ ⊙ H²)          H¹ = ζ(X − C¹ ⊙ (α ⊙ H² + μ))
 *     G² = σ(U²∗H¹ + b²)          C² = W∗H¹                 Ĥ = ζ(κ ⊙ (H¹ + γC²) + ω ⊙ H¹ ⊙ γC²)
 *     H² ← G² ⊙ H² + (1 − G²) ⊙ Ĥ
 * </pre>
 *
 * W is symmetric in its channels. With batch norm, each of the four sums has its own norm at each step; without, η_t scales
 * the state. The form with ReLU has a kernel for each of C¹ and C², and rectifies what inhibits.
 */
final class Hgru implements Model {
    private static final int FILTER = 7;
    private static final float EPSILON = 1e-3f;
    private static final Initializer KERNEL = new Initializer.Symmetric(new Initializer.Glorot());

    private final HgruConfig config;

    Hgru(HgruConfig config) {
        this.config = config;
    }

    @Override
    public Shape inputShape() {
        return Shape.of(config.input().sampleShape()).prepend(Shape.UNKNOWN_SIZE);
    }

    @Override
    public Operand<TFloat32> logits(ModuleScope scope, Operand<TFloat32> input) {
        Ops tf = scope.tf();
        int channels = config.channels();
        ModuleScope filters = scope.in("input");
        Operand<TFloat32> filtered = PerChannel.add(
                tf,
                Layers.convolution(filters, "kernel", new Initializer.Gabor(), input, FILTER, 1, channels),
                filters.parameter("bias", channels));
        Operand<TFloat32> x = filters.output(tf.math.square(filtered));
        Operand<TFloat32> state = tf.zerosLike(x);
        for (int t = 0; t < config.frames(); t++) {
            state = step(scope, x, state, t);
        }
        return readout(scope, state);
    }

    private Operand<TFloat32> step(ModuleScope root, Operand<TFloat32> drive, Operand<TFloat32> h2, int t) {
        Ops tf = root.tf();
        ModuleScope cell = root.in(HgruTrace.CELL);
        // A tensor of each step's own, so that one can ask what a step makes of the drive.
        Operand<TFloat32> x = recorded(cell, t, HgruTrace.Variable.X, tf.identity(drive));
        Operand<TFloat32> g1 = recorded(
                cell, t, HgruTrace.Variable.G1, tf.math.sigmoid(normed(root, "g1", t, gate(cell, "gain", h2, -1))));
        Operand<TFloat32> c1 = recorded(
                cell,
                t,
                HgruTrace.Variable.C1,
                normed(root, "c1", t, horizontal(cell, config.isRectified() ? "w_inh" : "w", tf.math.mul(g1, h2))));
        Operand<TFloat32> inhibition = tf.math.mul(
                c1, PerChannel.add(tf, PerChannel.multiply(tf, h2, weight(cell, "alpha", 0.1)), weight(cell, "mu", 1)));
        Operand<TFloat32> inhibited = recorded(
                cell,
                t,
                HgruTrace.Variable.INHIBITED,
                tf.math.sub(x, config.isRectified() ? tf.nn.relu(inhibition) : inhibition));
        Operand<TFloat32> h1 = recorded(cell, t, HgruTrace.Variable.H1, bounded(tf, inhibited));

        Operand<TFloat32> g2 = recorded(
                cell, t, HgruTrace.Variable.G2, tf.math.sigmoid(normed(root, "g2", t, gate(cell, "mix", h1, 1))));
        Operand<TFloat32> c2 = recorded(
                cell,
                t,
                HgruTrace.Variable.C2,
                normed(root, "c2", t, horizontal(cell, config.isRectified() ? "w_exc" : "w", h1)));
        Operand<TFloat32> excitation = PerChannel.multiply(tf, c2, weight(cell, "gamma", 1));
        Operand<TFloat32> sum = PerChannel.multiply(tf, tf.math.add(h1, excitation), weight(cell, "kappa", 0.5));
        Operand<TFloat32> product = PerChannel.multiply(tf, tf.math.mul(h1, excitation), weight(cell, "omega", 0.5));
        Operand<TFloat32> excited = recorded(cell, t, HgruTrace.Variable.EXCITED, tf.math.add(sum, product));
        Operand<TFloat32> candidate = recorded(cell, t, HgruTrace.Variable.CANDIDATE, bounded(tf, excited));

        Operand<TFloat32> mixed =
                tf.math.add(tf.math.mul(g2, h2), tf.math.mul(tf.math.sub(tf.constant(1f), g2), candidate));
        return recorded(
                cell,
                t,
                HgruTrace.Variable.H2,
                config.hasBatchNorm() ? mixed : tf.math.mul(mixed, HgruTrace.eta(cell, config, t)));
    }

    private static Operand<TFloat32> recorded(
            ModuleScope cell, int step, HgruTrace.Variable variable, Operand<TFloat32> value) {
        cell.output(HgruTrace.name(step, variable), value);
        return value;
    }

    /** U∗H + b; b starts where the gate remembers for 1 to T steps, or forgets. */
    private Operand<TFloat32> gate(ModuleScope cell, String name, Operand<TFloat32> h, double sign) {
        ModuleScope gate = cell.in(name);
        int channels = config.channels();
        Operand<TFloat32> sum = Layers.convolution(gate, "kernel", new Initializer.Glorot(), h, 1, channels, channels);
        Initializer chronos = new Initializer.LogOfUniform(sign, 1, Math.max(1, config.frames() - 1));
        return PerChannel.add(cell.tf(), sum, gate.parameter("bias", chronos, channels));
    }

    private Operand<TFloat32> horizontal(ModuleScope cell, String kernel, Operand<TFloat32> h) {
        return Layers.convolution(cell, kernel, KERNEL, h, config.kernelSize(), config.channels(), config.channels());
    }

    private Operand<TFloat32> normed(ModuleScope root, String name, int t, Operand<TFloat32> x) {
        return config.hasBatchNorm()
                ? new BatchNorm(
                                root.in(HgruTrace.CELL).in("bn_" + name + "_" + t),
                                root.in(name + "_" + t),
                                config.channels(),
                                form(false),
                                0.1)
                        .apply(x)
                : x;
    }

    private BatchNorm.Form form(boolean hasBias) {
        return new BatchNorm.Form(EPSILON, (float) config.statisticsDecay(), hasBias);
    }

    private Operand<TFloat32> weight(ModuleScope cell, String name, double initial) {
        return cell.parameter(name, new Initializer.Constant(initial), config.channels());
    }

    /** ζ. */
    private Operand<TFloat32> bounded(Ops tf, Operand<TFloat32> x) {
        return config.isRectified() ? tf.nn.relu(x) : tf.math.tanh(x);
    }

    /** Norm, a 1×1 convolution to one map for each class, the maximum of each, norm, Dense. */
    private Operand<TFloat32> readout(ModuleScope scope, Operand<TFloat32> state) {
        Ops tf = scope.tf();
        int classes = config.classes();
        ModuleScope norm = scope.in("norm");
        Operand<TFloat32> normed =
                norm.output(new BatchNorm(norm, norm, config.channels(), form(true), 1).apply(state));
        Operand<TFloat32> maps = Layers.convolution(
                scope.in("readout"), "kernel", Initializer.BY_NAME, normed, 1, config.channels(), classes);
        Operand<TFloat32> strongest = Reductions.max(tf, maps, new int[] {1, 2});
        ModuleScope normOut = scope.in("norm_out");
        Operand<TFloat32> pooled =
                normOut.output(new BatchNorm(normOut, normOut, classes, form(true), 1).apply(strongest));
        return Layers.dense(scope.in("head").inSinglePrecision(), pooled, classes, classes);
    }
}
