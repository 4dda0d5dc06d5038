package io.portolan.converter.source.keras;

import static io.portolan.converter.source.keras.LayerTable.masked;

import io.portolan.converter.source.keras.LayerTable.Row;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Activations that are layers. */
final class ActivationLayers {
    /** What masked places get before a softmax, as Keras has it; in 16 bits less, as they hold no more. */
    private static final double MASKED = -1e9;

    private static final double MASKED_HALF = -3e4;

    static final List<Row> ROWS = List.of(
            masked("Activation", (call, x) -> call.activated("activation", x)),
            masked("ReLU", ActivationLayers::relu),
            masked("LeakyReLU", ActivationLayers::leaky),
            masked("PReLU", ActivationLayers::parametric),
            masked("ELU", ActivationLayers::elu),
            masked("Softmax", ActivationLayers::softmax),
            masked("ThresholdedReLU", ActivationLayers::thresholded));

    private ActivationLayers() {}

    private static Output<?> relu(LayerCall call, Output<?> x) {
        LayerConfig config = call.config();
        return Activations.relu(
                call.tf(), x, config.real("negative_slope", 0), config.real("max_value"), config.real("threshold", 0));
    }

    private static Output<?> leaky(LayerCall call, Output<?> x) {
        // Before Keras 3, the slope was called alpha.
        double earlier = call.config().real("alpha", 0.3);
        return Activations.leaky(call.tf(), x, call.config().real("negative_slope", earlier));
    }

    private static Output<?> parametric(LayerCall call, Output<?> x) {
        int rank = GraphOps.rank(x);
        List<Long> shared = call.config().has("shared_axes") ? call.config().integers("shared_axes") : List.of();
        call.config().ignore("shared_axes");
        long[] shape = new long[rank - 1];
        for (int axis = 1; axis < rank; axis++) {
            shape[axis - 1] = shared.contains((long) axis) ? 1 : GraphOps.known(x, axis);
        }
        Output<?> negative = call.tf().op("Relu", call.tf().op("Neg", x));
        return call.tf().sub(call.tf().op("Relu", x), call.tf().mul(call.weight("alpha", shape), negative));
    }

    private static Output<?> elu(LayerCall call, Output<?> x) {
        double alpha = call.config().real("alpha", 1);
        Output<?> y = call.tf().op("Elu", x);
        return alpha == 1
                ? y
                : call.tf()
                        .where(
                                call.tf().op("Greater", x, call.tf().like(x, 0)),
                                y,
                                call.tf().mul(y, call.tf().like(x, alpha)));
    }

    private static Output<?> thresholded(LayerCall call, Output<?> x) {
        return Activations.relu(call.tf(), x, 0, Optional.empty(), call.config().real("theta", 1));
    }

    private static Output<?> softmax(LayerCall call, Output<?> x) {
        GraphOps tf = call.tf();
        Optional<Output<?>> mask = call.input().mask();
        List<Long> axes = call.config().integers("axis");
        Output<?> kept = mask.isEmpty() ? x : tf.where(mask.get(), x, tf.like(x, maskedNumber(x.dataType())));
        Output<?> y = axes.size() == 1
                ? Activations.softmax(tf, kept, "Softmax", axes.get(0))
                : softmax(tf, kept, axes.stream().mapToLong(Long::longValue).toArray());
        return mask.isEmpty() ? y : tf.where(mask.get(), y, tf.like(y, 0));
    }

    /** The number that stands for minus infinity in a type. */
    static double maskedNumber(DataType type) {
        return type == DataType.DT_HALF ? MASKED_HALF : MASKED;
    }

    private static Output<?> softmax(GraphOps tf, Output<?> x, long... axes) {
        Output<?> powers = tf.op("Exp", tf.sub(x, tf.reduce("Max", x, true, axes)));
        return tf.div(powers, tf.reduce("Sum", powers, true, axes));
    }
}
