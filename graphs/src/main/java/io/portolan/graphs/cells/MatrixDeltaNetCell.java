package io.portolan.graphs.cells;

import static io.portolan.graphs.config.ModelOption.DELTA_KEY_DIM;

import io.portolan.graphs.config.Options;
import io.portolan.graphs.ops.ComplexTensor;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * DeltaNet at every frequency with a matrix of states for each head ({@code docs/model.md}, section 2.16): the system of
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

    private final int keySize;

    MatrixDeltaNetCell(Options options) {
        this.keySize = options.count(DELTA_KEY_DIM);
    }

    @Override
    public Notation notation() {
        return NOTATION;
    }

    @Override
    public FeatureSequence apply(CellBuilder in, FeatureSequence sequence) {
        int channels = in.map().channels();
        int heads = channels / keySize;
        Operand<TFloat32> x = in.rotated(sequence);
        GateSet gates = in.gateSet(x, in.meanAndTime(x));
        List<Operand<TFloat32>> qkv = in.split(in.dense("qkv_proj", x, 3L * channels), 3);
        ComplexTensor q = in.ofUnitLength(in.rfft2(qkv.get(0)));
        ComplexTensor k = in.ofUnitLength(in.rfft2(qkv.get(1)));
        ComplexTensor v = in.rfft2(qkv.get(2));
        List<ComplexTensor> o = in.outputs(new RankOneSystem(
                in.kernels().spectrumOfHeads("kernel", heads),
                gates.decay("alpha", heads),
                gates.coupling("beta", heads),
                in.components(q, heads),
                in.normalised(in.components(k, heads)),
                in.components(v, heads)));
        return in.sequence(in.dense("mat_deltanet_output_proj", gates.output("C_gate", in.channels(o)), channels));
    }
}
