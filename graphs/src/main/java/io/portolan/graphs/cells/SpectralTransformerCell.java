package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TFloat32;

/**
 * SpectralTransformerCSSM ({@code docs/model.md}, section 2.14). The query is the state of a system of its own; it
 * multiplies key and value in space, so that every step transforms them forth and back, in both plans:
 *
 * <pre>
 *     Q_t = d_Q·K̂_Q·Q_(t−1) + q̂      q = irfft2(Q)      w = irfft2(w_KV)
 *     K_t = q ⊙ irfft2(d_K·K̂_K·rfft2(K_(t−1)) + k̂)
 *     V_t = q ⊙ w ⊙ K_t + irfft2(d_V·K̂_V·rfft2(V_(t−1)) + v̂)
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
        Gates gates = in.gates(in.context(sequence));
        Projection qkv = in.projection("qkv_proj", sequence, 3);
        LinearSystem ofQuery = LinearSystem.of(
                Coefficient.gated(in.kernels().spectrum("kernel_q"), gates.decay("d_Q")), InputGate.ONE);
        Operand<TFloat32> q = in.fft()
                .irfft2(in.statesOfEveryStep(ofQuery, List.of(qkv.spectrum(0))).get(0));
        Operand<TFloat32> weight = gates.sigmoid("w_KV");
        Operand<TFloat32> w = in.fft().irfft2(new ComplexTensor(tf, weight, tf.zerosLike(weight)));
        ComplexTensor keyKept = in.kernels().spectrum("kernel_k").times(gates.decay("d_K"));
        ComplexTensor valueKept = in.kernels().spectrum("kernel_v").times(gates.decay("d_V"));

        TimeSlices at = new TimeSlices(tf);
        List<Operand<TFloat32>> values = new ArrayList<>();
        Operand<TFloat32> key = null;
        for (int t = 0; t < in.map().steps(); t++) {
            ComplexTensor k = at.step(qkv.spectrum(1), t);
            ComplexTensor v = at.step(qkv.spectrum(2), t);
            if (t > 0) {
                k = in.fft().rfft2(key).times(at.step(keyKept, t)).plus(k);
                v = in.fft()
                        .rfft2(values.get(t - 1))
                        .times(at.step(valueKept, t))
                        .plus(v);
            }
            Operand<TFloat32> queryNow = at.step(q, t);
            key = in.times(queryNow, in.fft().irfft2(k));
            values.add(tf.math.add(
                    in.times(in.times(queryNow, at.step(w, t)), key), in.fft().irfft2(v)));
        }
        Operand<TFloat32> value = in.read(tf.stack(values, Stack.axis(1L)));
        return in.sequence(in.dense("output_proj", normed(in, value), channels));
    }

    /** @param value {@code (B, steps, C, H, W)} */
    private static Operand<TFloat32> normed(CellBuilder in, Operand<TFloat32> value) {
        Ops tf = in.tf();
        Operand<TFloat32> standard = StateNorm.standardised(tf, value, 2);
        Operand<TFloat32> scaled =
                tf.math.add(tf.math.mul(in.perChannel("ln_gamma", 1), standard), in.perChannel("ln_beta", 0));
        return tf.linalg.transpose(scaled, CellBuilder.channelsLast(tf));
    }
}
