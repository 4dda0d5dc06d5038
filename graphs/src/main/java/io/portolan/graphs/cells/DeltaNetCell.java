package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * DeltaNet at every frequency with one state ({@code docs/model.md}, section 2.13). The spectra of key and query have
 * length 1 over all frequencies, and the transition is squashed once more than its kernel:
 *
 * <pre>
 *     h_t = squash(α·K̂·(1 − β·|k̂|²))·h_(t−1) + β·v̂·conj k̂      y = D(irfft2(c·h·q̂))
 * </pre>
 */
final class DeltaNetCell implements Cell {
    private static final Notation NOTATION = new Notation(
            List.of("h"),
            List.of(List.of("squash(α·K̂·(1 − β·|k̂|²))")),
            Notation.symbols("kernel", "K̂"),
            Notation.symbols("alpha", "α", "beta", "β", "B_k", "B_k", "B_v", "B_v", "C_gate", "c"));

    @Override
    public Notation notation() {
        return NOTATION;
    }

    @Override
    public GateRange range(String gate) {
        return gate.equals("alpha") ? GateRange.DECAY : GateRange.SHARE;
    }

    @Override
    public FeatureSequence apply(CellBuilder in, FeatureSequence sequence) {
        Ops tf = in.tf();
        int channels = in.map().channels();
        GateSet gates = in.gateSet(sequence);
        Projection qkv = in.projection("qkv_proj", sequence, 3);
        ComplexTensor q = in.ofUnitLength(qkv.readSpectrum(0));
        ComplexTensor k = in.ofUnitLength(gates.input("B_k", qkv, 1));
        ComplexTensor v = gates.input("B_v", qkv, 2);
        Operand<TFloat32> alpha = gates.decay("alpha");
        Operand<TFloat32> beta = gates.coupling("beta");

        Operand<TFloat32> kept = in.oneMinus(in.times(beta, k.power()));
        ComplexTensor transition =
                Kernels.squash(tf, in.kernels().spectrum("kernel").times(alpha).times(kept));
        ComplexTensor h = in.states(
                        LinearSystem.of(Coefficient.of(transition), InputGate.ONE),
                        List.of(v.times(k.conjugate()).times(beta)),
                        InitialStates.of(in, 1))
                .get(0);
        return in.sequence(in.dense("output_proj", gates.output("C_gate", h.times(q)), channels));
    }
}
