package io.portolan.graphs.cells;

import io.portolan.graphs.config.GateType;
import io.portolan.graphs.layers.Layers;
import io.portolan.graphs.layers.ModuleScope;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A cell's gates: values that depend on an image and a step ({@code docs/model.md}, section 2.4). In the form
 * {@link GateType#DENSE} there is one for every frequency, {@code (B, T, 1, H, F)}, shared by all channels; other forms
 * have axes of length 1 where they share a value.
 */
public final class Gates {
    private static final int LOW_RANK = 8;

    /** What a gate has values for. */
    private enum Place {
        FREQUENCIES,
        MAP
    }

    private final ModuleScope scope;
    private final FeatureMap map;
    private final Operand<TFloat32> context;
    private final GateType form;
    private final Place place;
    private final int columns;
    private final BinaryOperator<Operand<TFloat32>> join;

    /**
     * @param context the input of the gates, {@code (B, T, C)}
     */
    Gates(ModuleScope scope, FeatureMap map, Operand<TFloat32> context, GateType form) {
        this(scope, map, context, form, Place.FREQUENCIES, scope.tf().math::add);
    }

    private Gates(
            ModuleScope scope,
            FeatureMap map,
            Operand<TFloat32> context,
            GateType form,
            Place place,
            BinaryOperator<Operand<TFloat32>> join) {
        this.scope = scope;
        this.map = map;
        this.context = context;
        this.form = form;
        this.place = place;
        this.columns = place == Place.FREQUENCIES ? map.halfWidth() : map.width();
        this.join = join;
    }

    /** These gates, with the rows and columns of {@link GateType#FACTORED} multiplied rather than added. */
    Gates joinedByProduct() {
        return new Gates(scope, map, context, form, place, tf().math::mul);
    }

    /** These gates with a value for every place of the map rather than every frequency: {@code (B, T, 1, H, W)}. */
    Gates overPlaces() {
        return new Gates(scope, map, context, form, Place.MAP, join);
    }

    Ops tf() {
        return scope.tf();
    }

    /** A gate in (0, 1). */
    Operand<TFloat32> sigmoid(String name) {
        return gate(name, map.channels(), tf().math::sigmoid);
    }

    /** A gate in (0, 1) of which {@link GateType#CHANNEL} has one for each head. */
    Operand<TFloat32> sigmoid(String name, int heads) {
        return gate(name, heads, tf().math::sigmoid);
    }

    /** A decay in (0.1, 0.99). */
    Operand<TFloat32> decay(String name) {
        return decay(name, map.channels());
    }

    /** A decay in (0.1, 0.99) of which {@link GateType#CHANNEL} has one for each head. */
    Operand<TFloat32> decay(String name, int heads) {
        return gate(name, heads, x -> bounded(tf(), tf().math.sigmoid(x)));
    }

    /** What is in (0, 1), in (0.1, 0.99). */
    static Operand<TFloat32> bounded(Ops tf, Operand<TFloat32> x) {
        return tf.math.add(tf.constant(0.1f), tf.math.mul(tf.constant(0.89f), x));
    }

    /** A gate above 0. */
    Operand<TFloat32> softplus(String name) {
        return gate(name, map.channels(), tf().math::softplus);
    }

    /** A gate of any size and sign. */
    Operand<TFloat32> linear(String name) {
        return gate(name, map.channels(), x -> x);
    }

    private Operand<TFloat32> gate(String name, int planes, UnaryOperator<Operand<TFloat32>> activation) {
        Operand<TFloat32> gate = activation.apply(value(name, planes));
        if (place == Place.FREQUENCIES) {
            return scope.in(name).output(gate);
        }
        scope.in(name).output(CellTrace.IN_SPACE, tf().linalg.transpose(gate, CellBuilder.channelsLast(tf())));
        return gate;
    }

    private Operand<TFloat32> value(String name, int planes) {
        return switch (form) {
            case DENSE -> dense(name, context, 1, map.height(), columns);
            case FACTORED ->
                join.apply(dense(name + "_h", context, 1, map.height(), 1), dense(name + "_w", context, 1, 1, columns));
            case SCALAR -> dense(name, context, 1, 1, 1);
            case CHANNEL -> dense(name, context, planes, 1, 1);
            case LOW_RANK ->
                dense(
                        name + "_up",
                        Layers.dense(scope.in(name + "_down"), context, map.channels(), LOW_RANK),
                        1,
                        map.height(),
                        columns);
            case CONV, DENSE_DECAY, DENSE_IO, SPECTRAL_CONV ->
                throw new IllegalStateException(form.label() + " is no form of one gate");
        };
    }

    private Operand<TFloat32> dense(String name, Operand<TFloat32> x, int planes, int height, int width) {
        long in = x.shape().get(x.rank() - 1);
        Operand<TFloat32> flat = Layers.dense(scope.in(name), x, in, (long) planes * height * width);
        // The context of a still image may have one step.
        boolean isOneStep = !map.isOpen() && x.shape().get(1) == 1;
        return tf().reshape(
                        flat,
                        isOneStep
                                ? tf().constant(new int[] {-1, 1, planes, height, width})
                                : map.perStep(tf(), x, planes, height, width));
    }
}
