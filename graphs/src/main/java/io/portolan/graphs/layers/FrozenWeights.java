package io.portolan.graphs.layers;

import io.portolan.checkpoints.values.ArrayData;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** A checkpoint's arrays as constants of the graph. */
public final class FrozenWeights implements Weights {
    private final CheckpointArrays arrays;
    private final Map<String, Operand<TFloat32>> parameters = new LinkedHashMap<>();

    public FrozenWeights(CheckpointArrays arrays) {
        this.arrays = arrays;
    }

    @Override
    public Operand<TFloat32> parameter(Ops tf, String path, Initializer initializer, long... shape) {
        return parameters.computeIfAbsent(path, missing -> constant(tf, arrays.parameter(path, shape)));
    }

    @Override
    public Operand<TFloat32> statistic(Ops tf, String path, long... shape) {
        return constant(tf, arrays.statistic(path, shape));
    }

    /** The trainable arrays that a model has requested, by path. */
    public Map<String, Operand<TFloat32>> parameters() {
        return parameters;
    }

    private static Operand<TFloat32> constant(Ops tf, ArrayData array) {
        return tf.constant(Shape.of(array.shape()), DataBuffers.of(array.toFloats(), true, false));
    }
}
