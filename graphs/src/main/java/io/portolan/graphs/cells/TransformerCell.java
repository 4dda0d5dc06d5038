package io.portolan.graphs.cells;

import static io.portolan.graphs.cells.Coefficient.of;
import static io.portolan.graphs.cells.Coefficient.real;
import static io.portolan.graphs.cells.Coefficient.zero;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * TransformerCSSM ({@code docs/model.md}, section 2.6). Query Q and key K feed each other through one kernel, the attention A gathers
 * both and feeds back to Q:
 *
 * <pre>
 *         | d_Q   w·k   α·k |        | B_Q·û_Q |
 *     M = | w·k   d_K    0  |    u = | B_K·û_K |
 *         |  γ     γ    d_A |        | B_A·û_A |
 * </pre>
 */
final class TransformerCell implements Cell {
    @Override
    public int states() {
        return 3;
    }

    @Override
    public boolean gatesSeeTime() {
        return true;
    }

    @Override
    public LinearSystem system(Gates gates, Kernels kernels, List<ComplexTensor> inputs) {
        Ops tf = gates.tf();
        ComplexTensor k = kernels.spectrum("kernel");
        Operand<TFloat32> w = gates.sigmoid("w_qk");
        Operand<TFloat32> alpha = gates.sigmoid("alpha");
        Operand<TFloat32> gamma = gates.sigmoid("gamma");
        Operand<TFloat32> dQ = gates.decay("decay_Q");
        Operand<TFloat32> dK = gates.decay("decay_K");
        Operand<TFloat32> dA = gates.decay("decay_A");
        return new LinearSystem(
                List.of(
                        List.of(real(tf, dQ),    of(k.times(w)), of(k.times(alpha))),
                        List.of(of(k.times(w)),  real(tf, dK),   zero(tf)),
                        List.of(real(tf, gamma), real(tf, gamma), real(tf, dA))),
                List.of(
                        of(inputs.get(0).times(gates.sigmoid("B_Q"))),
                        of(inputs.get(1).times(gates.sigmoid("B_K"))),
                        of(inputs.get(2).times(gates.sigmoid("B_A")))),
                gates.sigmoid("C_gate"));
    }
}
