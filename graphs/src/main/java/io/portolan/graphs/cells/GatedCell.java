package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * GatedCSSM, depthwise ({@code docs/model.md}, section 2.8): one state whose kernel is damped, and whose input is weighted, by a
 * step size Δ:
 *
 * <pre>
 *     M = k·e^(−Δ)    u = (Δ + 1e-8)·B·û
 * </pre>
 */
final class GatedCell implements Cell {
    private static final float STEP_OFFSET = 1e-8f;

    @Override
    public int states() {
        return 1;
    }

    @Override
    public boolean gatesSeeTime() {
        return false;
    }

    @Override
    public LinearSystem system(Gates gates, Kernels kernels, List<ComplexTensor> inputs) {
        Ops tf = gates.tf();
        Operand<TFloat32> delta = gates.softplus("delta_gate");
        Operand<TFloat32> logStep = tf.math.log(tf.math.add(delta, tf.constant(STEP_OFFSET)));
        Coefficient transition =
                Coefficient.of(kernels.spectrum("kernel")).scaledByExp(tf.math.neg(delta));
        Coefficient input =
                Coefficient.of(inputs.get(0).times(gates.sigmoid("B_gate"))).scaledByExp(logStep);
        return new LinearSystem(List.of(List.of(transition)), List.of(input), gates.sigmoid("C_gate"));
    }
}
