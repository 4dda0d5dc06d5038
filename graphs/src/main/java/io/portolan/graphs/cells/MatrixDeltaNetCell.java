package io.portolan.graphs.cells;

import static io.portolan.graphs.config.ModelOption.DELTA_KEY_DIM;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.List;

/**
 * DeltaNet at every frequency with a matrix of states for each head ({@code docs/model.md}, section 2.13): the system of
 * {@link GatedDeltaCell} without what stands around it there.
 *
 * <pre>
 *     q̂, k̂ ← each channel of length 1 over all frequencies;   k̂ ← of length 1 over a head at each frequency
 *     S ← α·K̂·(S − β·(S k̄)kᵀ) + β·v k̄ᵀ      o = S q      y = D(irfft2(c·o))
 * </pre>
 */
final class MatrixDeltaNetCell implements Cell {
    private static final Notation NOTATION = new Notation(
            List.of("S"),
            List.of(List.of("α·K̂·(1 − β·k̄kᵀ)")),
            Notation.symbols("kernel", "K̂"),
            Notation.symbols("alpha", "α", "beta", "β", "C_gate", "c"));

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
        int channels = in.map().channels();
        int heads = channels / in.dividingChannels(DELTA_KEY_DIM);
        GateSet gates = in.gateSet(sequence);
        Projection qkv = in.projection("qkv_proj", sequence, 3);
        ComplexTensor q = in.ofUnitLength(qkv.readSpectrum(0));
        ComplexTensor k = in.ofUnitLength(qkv.spectrum(1));
        ComplexTensor v = qkv.spectrum(2);
        ComplexTensor o = in.outputs(new RankOneSystem(
                in.kernels().spectrumOfHeads("kernel", heads),
                gates.decay("alpha", heads),
                gates.coupling("beta", heads),
                in.byHead(q, heads),
                in.normalised(in.byHead(k, heads)),
                in.byHead(v, heads)));
        return in.sequence(in.dense("mat_deltanet_output_proj", gates.output("C_gate", in.channels(o)), channels));
    }
}
