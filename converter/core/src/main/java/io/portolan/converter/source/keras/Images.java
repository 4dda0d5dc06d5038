package io.portolan.converter.source.keras;

import io.portolan.converter.lowering.Shapes;
import java.util.function.UnaryOperator;
import org.tensorflow.Output;

/** Layouts of images: TensorFlow computes with channels last on processors. */
final class Images {
    private Images() {}

    /** Computes with channels last what the layer's option may want with channels first. */
    static Output<?> channelsLast(LayerCall call, Output<?> x, UnaryOperator<Output<?>> computed) {
        if (!call.config().channelsFirst()) {
            return computed.apply(x);
        }
        GraphOps tf = call.tf();
        int rank = GraphOps.rank(x);
        Output<?> y = computed.apply(tf.transpose(x, Shapes.channelsLast(rank)));
        return GraphOps.rank(y) == rank ? tf.transpose(y, Shapes.channelsFirst(rank)) : y;
    }
}
