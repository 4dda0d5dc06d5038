package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TFloat32;

/**
 * SpectralTransformerCSSM ({@code docs/model.md}, section 2.17). The query is the state of a system of its own; it
 * multiplies key and value in space, so that every step transforms them forth and back, in both plans:
 *
 * <pre>
 *     Q_t = d_Q·K̂_Q·Q_(t−1) + q̂      q = irfft2(Q)      w = irfft2(w_KV)
 *     K_t = q ⊙ (irfft2(d_K·K̂_K·rfft2(K_(t−1))) + k)
 *     V_t = q ⊙ w ⊙ K_t + irfft2(d_V·K̂_V·rfft2(V_(t−1))) + v
 *     y   = D(ln_gamma ⊙ (V − mean)/(std + 1e-6) + ln_beta)
 * </pre>
 */
final class SpectralTransformerCell implements Cell {
    private static final Notation NOTATION = new Notation(
            List.of("Q"),
            List.of(List.of("d_Q·K̂_Q")),
            Notation.symbols("kernel_q", "K̂_Q", "kernel_k", "K̂_K", "kernel_v", "K̂_V"),
            Notation.symbols("d_Q", "d_Q", "d_K", "d_K", "d_V", "d_V", "w_KV", "w_KV"));

    @Override
    public Notation notation() {
        return NOTATION;
    }

    @Override
    public FeatureSequence apply(CellBuilder in, FeatureSequence sequence) {
        Ops tf = in.tf();
        int channels = in.map().channels();
        Operand<TFloat32> x = in.rotated(sequence);
        Gates gates = in.gates(in.meanAndTime(x));
        List<Operand<TFloat32>> qkv = in.split(in.dense("qkv_proj", x, 3L * channels), 3);
        LinearSystem ofQuery = LinearSystem.of(
                Coefficient.gated(in.kernels().spectrum("kernel_q"), gates.decay("d_Q")), InputGate.ONE);
        Operand<TFloat32> q = in.irfft2(
                in.statesOfEveryStep(ofQuery, List.of(in.rfft2(qkv.get(0)))).get(0));
        Operand<TFloat32> weight = gates.sigmoid("w_KV");
        Operand<TFloat32> w = in.irfft2(new ComplexTensor(tf, weight, tf.zerosLike(weight)));
        ComplexTensor keyKept = in.kernels().spectrum("kernel_k").times(gates.decay("d_K"));
        ComplexTensor valueKept = in.kernels().spectrum("kernel_v").times(gates.decay("d_V"));

        TimeSlices at = new TimeSlices(tf);
        List<Operand<TFloat32>> values = new ArrayList<>();
        Operand<TFloat32> key = null;
        for (int t = 0; t < in.map().steps(); t++) {
            Operand<TFloat32> queryNow = at.step(q, t);
            Operand<TFloat32> driven = at.step(qkv.get(1), t);
            Operand<TFloat32> valueNow = at.step(qkv.get(2), t);
            if (t > 0) {
                driven = tf.math.add(spread(in, key, at.step(keyKept, t)), driven);
                valueNow = tf.math.add(spread(in, values.get(t - 1), at.step(valueKept, t)), valueNow);
            }
            key = in.times(queryNow, driven);
            values.add(tf.math.add(in.times(in.times(queryNow, at.step(w, t)), key), valueNow));
        }
        Operand<TFloat32> value = in.read(tf.stack(values, Stack.axis(1L)));
        return in.sequence(in.dense("output_proj", normed(in, value), channels));
    }

    /** A map {@code (B, H, W, C)} times a coefficient {@code (B, C, H, F)} of its spectrum. */
    private static Operand<TFloat32> spread(CellBuilder in, Operand<TFloat32> map, ComplexTensor coefficient) {
        Ops tf = in.tf();
        Operand<TFloat32> withTime = tf.expandDims(map, tf.constant(1));
        ComplexTensor kept = coefficient.map(part -> tf.expandDims(part, tf.constant(1)));
        return new TimeSlices(tf).step(in.irfft2(in.rfft2(withTime).times(kept)), 0);
    }

    private static Operand<TFloat32> normed(CellBuilder in, Operand<TFloat32> value) {
        Ops tf = in.tf();
        Operand<TFloat32> standard =
                StateNorm.standardised(tf, tf.linalg.transpose(value, CellBuilder.channelsFirst(tf)), 2);
        Operand<TFloat32> scaled =
                tf.math.add(tf.math.mul(in.perChannel("ln_gamma", 1), standard), in.perChannel("ln_beta", 0));
        return tf.linalg.transpose(scaled, CellBuilder.channelsLast(tf));
    }
}
