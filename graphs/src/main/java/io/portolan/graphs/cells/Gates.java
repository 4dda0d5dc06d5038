package io.portolan.graphs.cells;

import io.portolan.graphs.layers.Layers;
import io.portolan.graphs.layers.ModuleScope;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A cell's gates: one value for each image, step and frequency, {@code (B, T, 1, H, F)}, shared by all channels
 * ({@code docs/model.md}, section 2.4).
 */
public final class Gates {
    private final ModuleScope scope;
    private final FeatureMap map;
    private final Operand<TFloat32> context;

    /**
     * @param context the input of the gates, {@code (B, T, C)}
     */
    Gates(ModuleScope scope, FeatureMap map, Operand<TFloat32> context) {
        this.scope = scope;
        this.map = map;
        this.context = context;
    }

    Ops tf() {
        return scope.tf();
    }

    /** A gate in (0, 1). */
    Operand<TFloat32> sigmoid(String name) {
        return gate(name, tf().math::sigmoid);
    }

    /** A decay in (0.1, 0.99). */
    Operand<TFloat32> decay(String name) {
        return gate(
                name,
                x -> tf().math
                        .add(
                                tf().constant(0.1f),
                                tf().math.mul(tf().constant(0.89f), tf().math.sigmoid(x))));
    }

    /** A gate above 0. */
    Operand<TFloat32> softplus(String name) {
        return gate(name, tf().math::softplus);
    }

    private Operand<TFloat32> gate(String name, UnaryOperator<Operand<TFloat32>> activation) {
        ModuleScope gate = scope.in(name);
        Operand<TFloat32> flat = Layers.dense(gate, context, map.channels(), map.frequencies());
        return gate.output(
                activation.apply(tf().reshape(flat, map.perStep(tf(), context, 1, map.height(), map.halfWidth()))));
    }
}
