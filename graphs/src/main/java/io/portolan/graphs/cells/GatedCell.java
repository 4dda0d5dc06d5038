package io.portolan.graphs.cells;

import io.portolan.graphs.layers.Initializer;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * GatedCSSM, depthwise ({@code docs/model.md}, section 2.8): one state, with a step size Δ that damps its kernel and
 * weights its input:
 *
 * <pre>
 *     M = k·e^(−Δ)    u = (Δ + 1e-8)·B·û
 * </pre>
 */
final class GatedCell implements LinearCell {
    private static final Notation NOTATION = new Notation(
            List.of("h"),
            List.of(List.of("K̂·e^(−Δ)")),
            Notation.symbols("kernel", "K̂"),
            Notation.symbols("delta_gate", "Δ", "B_gate", "B", "C_gate", "c"));

    private static final float STEP_OFFSET = 1e-8f;

    @Override
    public Notation notation() {
        return NOTATION;
    }

    @Override
    public GateContext context() {
        return GateContext.MEAN;
    }

    @Override
    public GateRange range(String gate) {
        return gate.equals("delta_gate") ? GateRange.STEP : GateRange.SHARE;
    }

    @Override
    public LinearSystem system(Gates gates, Kernels kernels) {
        Ops tf = gates.tf();
        Operand<TFloat32> delta = gates.softplus("delta_gate");
        Operand<TFloat32> logStep = tf.math.log(tf.math.add(delta, tf.constant(STEP_OFFSET)));
        return new LinearSystem(
                List.of(List.of(Coefficient.damped(
                        kernels.spectrum("kernel", new Initializer.Normal(0.02)), tf.math.neg(delta)))),
                List.of(InputGate.scaled(gates.sigmoid("B_gate"), logStep)));
    }
}
