package io.portolan.graphs.cells;

import static io.portolan.graphs.cells.Coefficient.ZERO;
import static io.portolan.graphs.cells.Coefficient.gate;
import static io.portolan.graphs.cells.Coefficient.gated;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * MultiplicativeTransformerCSSM ({@code docs/model.md}, section 2.14): three states with a kernel each, as it is, and V's
 * complex logarithm ℓ normalised, scaled and shifted, phases too.
 *
 * <pre>
 *         | d_Q·K̂_Q   w_KQ     0     |         | q̂ |
 *     M = |  w_QK    d_K·K̂_K   0     |     u = | k̂ |     y = D(irfft2(exp(ln_gamma_v·ℓ' + ln_beta_v)))
 *         |  w_QV     w_KV   d_V·K̂_V |         | v̂ |
 *
 *     ℓ = ln V      Re ℓ' = (Re ℓ − mean)/(std + 1e-6) over all frequencies      Im ℓ' = Im ℓ
 * </pre>
 */
final class MultiplicativeTransformerCell implements Cell {
    private static final Notation NOTATION = new Notation(
            List.of("Q", "K", "V"),
            List.of(
                    List.of("d_Q·K̂_Q", "w_KQ", "0"),
                    List.of("w_QK", "d_K·K̂_K", "0"),
                    List.of("w_QV", "w_KV", "d_V·K̂_V")),
            Notation.symbols("kernel_q", "K̂_Q", "kernel_k", "K̂_K", "kernel_v", "K̂_V"),
            Notation.symbols(
                    "d_Q",
                    "d_Q",
                    "d_K",
                    "d_K",
                    "d_V",
                    "d_V",
                    "d_K_to_Q",
                    "w_KQ",
                    "d_Q_to_K",
                    "w_QK",
                    "d_Q_to_V",
                    "w_QV",
                    "d_K_to_V",
                    "w_KV"));

    @Override
    public Notation notation() {
        return NOTATION;
    }

    @Override
    public boolean squashesKernels() {
        return false;
    }

    @Override
    public FeatureSequence apply(CellBuilder in, FeatureSequence sequence) {
        int channels = in.map().channels();
        ComplexTensor value = in.states(
                        system(in.gates(in.context(sequence)), in.kernels()),
                        in.projection("qkv_proj", sequence, 3).spectra())
                .get(2);
        return in.sequence(in.dense("output_proj", in.irfft2(normed(in, value)), channels));
    }

    private static LinearSystem system(Gates gates, Kernels kernels) {
        Coefficient q = gated(kernels.unsquashed("kernel_q"), gates.decay("d_Q"));
        Coefficient k = gated(kernels.unsquashed("kernel_k"), gates.decay("d_K"));
        Coefficient v = gated(kernels.unsquashed("kernel_v"), gates.decay("d_V"));
        Coefficient kToQ = gate(gates.sigmoid("d_K_to_Q"));
        Coefficient qToK = gate(gates.sigmoid("d_Q_to_K"));
        Coefficient qToV = gate(gates.sigmoid("d_Q_to_V"));
        Coefficient kToV = gate(gates.sigmoid("d_K_to_V"));
        // spotless:off
        return new LinearSystem(
                List.of(
                        List.of(q,    kToQ, ZERO),
                        List.of(qToK, k,    ZERO),
                        List.of(qToV, kToV, v)),
                List.of(InputGate.ONE, InputGate.ONE, InputGate.ONE));
        // spotless:on
    }

    private static ComplexTensor normed(CellBuilder in, ComplexTensor value) {
        Ops tf = in.tf();
        Operand<TFloat32> scale = in.perChannel("ln_gamma_v", 1);
        Operand<TFloat32> shift = in.perChannel("ln_beta_v", 0);
        Operand<TFloat32> standard = StateNorm.standardised(tf, tf.math.log(value.magnitude()), 2);
        Operand<TFloat32> size = tf.math.exp(tf.math.add(tf.math.mul(scale, standard), shift));
        Operand<TFloat32> phase = tf.math.mul(scale, value.phase());
        return new ComplexTensor(tf, tf.math.mul(size, tf.math.cos(phase)), tf.math.mul(size, tf.math.sin(phase)));
    }
}
