package io.portolan.graphs.cells;

import static io.portolan.graphs.config.ModelOption.SHORT_CONV_SIZE;
import static io.portolan.graphs.config.ModelOption.SHORT_CONV_SPATIAL_SIZE;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Spectral Mamba, the later revisions' {@code gated} ({@code docs/model.md}, section 2.9): one state whose input has
 * gone through short convolutions, and whose output is gated in space.
 *
 * <pre>
 *     [p | z] = D(x)      p ← silu(conv_t(conv_hw(p)))
 *     h_t = K̂·e^(−Δ)·h_(t−1) + (Δ + 1e-8)·b·p̂
 *     y = D(irfft2(c·h) ⊙ silu(z))
 * </pre>
 */
final class SpectralMambaCell implements Cell {
    private static final Notation NOTATION = new Notation(
            List.of("h"),
            List.of(List.of("K̂·e^(−Δ)")),
            Notation.symbols("kernel", "K̂"),
            Notation.symbols("delta_proj", "Δ", "B_proj", "b", "C_proj", "c"));

    private static final float STEP_OFFSET = 1e-8f;

    @Override
    public Notation notation() {
        return NOTATION;
    }

    @Override
    public GateRange range(String gate) {
        return gate.equals("delta_proj") ? GateRange.STEP : GateRange.ANY;
    }

    @Override
    public FeatureSequence apply(CellBuilder in, FeatureSequence x) {
        Ops tf = in.tf();
        int channels = in.map().channels();
        Projection pz = in.projection("in_proj", x, 2);
        Operand<TFloat32> p = in.silu(pz.planes(
                0,
                new ShortConvolution("short_conv_spatial", in.options().count(SHORT_CONV_SPATIAL_SIZE)),
                new ShortConvolution("short_conv_temporal", in.options().count(SHORT_CONV_SIZE))));

        Gates gates = in.gates(in.meanOfPlanes(p)).joinedByProduct();
        Operand<TFloat32> delta = gates.softplus("delta_proj");
        Operand<TFloat32> b = gates.linear("B_proj");
        Operand<TFloat32> c = gates.linear("C_proj");
        Operand<TFloat32> logStep = tf.math.log(tf.math.add(delta, tf.constant(STEP_OFFSET)));
        ComplexTensor h = in.states(
                        LinearSystem.of(
                                Coefficient.damped(in.kernels().spectrum("kernel"), tf.math.neg(delta)),
                                InputGate.scaled(b, logStep)),
                        List.of(in.fft().rfft2(p)))
                .get(0);
        Operand<TFloat32> y = in.irfft2(h.times(in.read(c)));
        return in.sequence(in.dense("out_proj", in.times(y, in.silu(pz.readMap(1))), channels));
    }
}
