package io.portolan.graphs.cells;

import static io.portolan.graphs.config.ModelOption.SHORT_CONV_SIZE;
import static io.portolan.graphs.config.ModelOption.SHORT_CONV_SPATIAL_SIZE;

import io.portolan.graphs.layers.Initializer;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * {@link SpectralMambaCell} without Fourier transforms and positions ({@code docs/model.md}, section 2.15): the recurrence is
 * that of every place alone, with gates over places.
 *
 * <pre>
 *     [p | z] = D(x)      p ← silu(conv_t(conv_hw(p)))      A = σ(A_logit)
 *     h_t = A^Δ·h_(t−1) + Δ·b·p
 *     y = D(rms(c·h) ⊙ silu(z))
 * </pre>
 */
final class NoFftCell implements Cell {
    private static final Notation NOTATION = new Notation(
            List.of("h"),
            List.of(List.of("A^Δ")),
            Notation.symbols(),
            Notation.symbols("delta_proj", "Δ", "B_proj", "b", "C_proj", "c"));

    @Override
    public Notation notation() {
        return NOTATION;
    }

    @Override
    public GateRange range(String gate) {
        return gate.equals("delta_proj") ? GateRange.STEP : GateRange.ANY;
    }

    @Override
    public boolean isResidual() {
        return false;
    }

    @Override
    public FeatureSequence apply(CellBuilder in, FeatureSequence x) {
        Ops tf = in.tf();
        int channels = in.map().channels();
        List<Operand<TFloat32>> pz = in.split(in.dense("in_proj", in.frames(x), 2L * channels), 2);
        Operand<TFloat32> near =
                in.depthwise("short_conv_spatial", pz.get(0), in.options().count(SHORT_CONV_SPATIAL_SIZE), 1);
        Operand<TFloat32> p = in.silu(in.causal(
                new ShortConvolution("short_conv_temporal", in.options().count(SHORT_CONV_SIZE)), near));

        Gates gates = in.gates(in.mean(p)).overPlaces();
        Operand<TFloat32> delta = in.channelsLast(gates.softplus("delta_proj"));
        Operand<TFloat32> b = in.channelsLast(gates.linear("B_proj"));
        Operand<TFloat32> c = in.channelsLast(gates.linear("C_proj"));
        // ln σ(x) = −softplus(−x)
        Operand<TFloat32> logit = in.scope().parameter("A_logit", new Initializer.Constant(2), channels);
        Operand<TFloat32> rate = tf.math.softplus(tf.math.neg(logit));
        Operand<TFloat32> decay = tf.math.exp(tf.math.neg(tf.math.mul(delta, rate)));
        Operand<TFloat32> h = in.integrated(decay, in.times(p, in.times(b, delta)));
        Operand<TFloat32> y = in.times(in.rms("rms_scale", in.times(h, in.read(c))), in.read(in.silu(pz.get(1))));
        return in.sequence(in.dense("out_proj", y, channels));
    }
}
