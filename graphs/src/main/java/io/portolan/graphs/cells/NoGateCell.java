package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.List;

/**
 * The cell without gates ({@code docs/model.md}, section 2.10): one state, one kernel, no positions; its output takes the
 * place of its input.
 *
 * <pre>
 *     h_t = K̂·h_(t−1) + x̂      y = D(irfft2(h))
 * </pre>
 */
final class NoGateCell implements Cell {
    private static final Notation NOTATION =
            new Notation(List.of("h"), List.of(List.of("K̂")), Notation.symbols("kernel", "K̂"), Notation.symbols());

    @Override
    public Notation notation() {
        return NOTATION;
    }

    @Override
    public boolean isResidual() {
        return false;
    }

    @Override
    public FeatureSequence apply(CellBuilder in, FeatureSequence x) {
        ComplexTensor h = in.states(
                        LinearSystem.of(Coefficient.of(in.kernels().spectrum("kernel")), InputGate.ONE),
                        List.of(in.rfft2(in.frames(x))))
                .get(0);
        return in.sequence(in.dense("out_proj", in.irfft2(h), in.map().channels()));
    }
}
