package io.portolan.graphs.cells;

import static io.portolan.graphs.config.ModelOption.DELTA_KEY_DIM;
import static io.portolan.graphs.config.ModelOption.SHORT_CONV_SIZE;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Gated DeltaNet over {@link Tokens} ({@code docs/model.md}, section 2.18), for heads of d channels:
 *
 * <pre>
 *     q, k, v = silu(conv(D(x)))      k ← k/√(kᵀk + 1e-6)      g = silu(D(x))
 *     α = 0.1 + 0.89·σ(D(mean x))      β = σ(D(mean x))
 *     S ← α·(S − β·(S k)kᵀ) + β·v kᵀ      o = S q      ({@link DeltaRule})
 *     y = D(rms(o) ⊙ g)
 * </pre>
 */
final class DeltaSequenceCell implements Cell {
    @Override
    public boolean isResidual() {
        return false;
    }

    @Override
    public FeatureSequence apply(CellBuilder in, FeatureSequence sequence) {
        Ops tf = in.tf();
        int channels = in.map().channels();
        int heads = channels / in.dividingChannels(DELTA_KEY_DIM);
        Tokens tokens = Tokens.of(in, sequence);
        Operand<TFloat32> x = tokens.frames();
        List<Operand<TFloat32>> qkv = in.split(in.dense("qkv_proj", x, 3L * channels), 3);
        Operand<TFloat32> q = mixed(in, tokens, "short_conv_q", qkv.get(0));
        Operand<TFloat32> k = mixed(in, tokens, "short_conv_k", qkv.get(1));
        Operand<TFloat32> v = mixed(in, tokens, "short_conv_v", qkv.get(2));
        Operand<TFloat32> mean = tokens.mean();
        Operand<TFloat32> open = tf.math.sigmoid(in.dense("alpha", mean, heads));
        Operand<TFloat32> alpha = tf.math.add(tf.constant(0.1f), tf.math.mul(tf.constant(0.89f), open));
        Operand<TFloat32> beta = tf.math.sigmoid(in.dense("beta", mean, heads));

        DeltaRule rule = new DeltaRule(tf, Chunks.of(tf, tokens.length()), heads, channels / heads);
        Operand<TFloat32> o = tokens.maps(rule.outputs(q, k, v, alpha, beta));
        Operand<TFloat32> gate = in.silu(in.dense("gate_proj", in.read(x), channels));
        return in.sequence(in.dense("output_proj", in.times(in.rms("rms_scale", o), gate), channels));
    }

    private static Operand<TFloat32> mixed(CellBuilder in, Tokens tokens, String name, Operand<TFloat32> x) {
        int size = in.options().count(SHORT_CONV_SIZE);
        Operand<TFloat32> sequences = tokens.of(x);
        return size == 0 ? sequences : in.silu(in.causal(name, sequences, tokens.length(), size));
    }
}
