package io.portolan.graphs.layers;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The source of the weights of a model under construction. */
public interface Weights {
    /**
     * A trainable array.
     *
     * @param path the path in the checkpoint, such as {@code cssm_0/input_proj/kernel}
     * @param initializer what it is before training
     * @param shape the shape that the model needs
     * @throws WeightsException if it is missing or has another shape or element type
     */
    Operand<TFloat32> parameter(Ops tf, String path, Initializer initializer, long... shape);

    /** A running statistic of batch normalisation; like {@link #parameter}. */
    Operand<TFloat32> statistic(Ops tf, String path, long... shape);
}
