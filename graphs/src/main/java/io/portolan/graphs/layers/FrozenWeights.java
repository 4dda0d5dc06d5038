package io.portolan.graphs.layers;

import io.portolan.checkpoints.ArrayData;
import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.ElementType;
import io.portolan.checkpoints.ParameterTree;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** A checkpoint's arrays as constants of the graph. */
public final class FrozenWeights implements Weights {
    private static final String STATISTICS = "batch_stats/";

    private final Checkpoint checkpoint;
    private final Set<String> used = new HashSet<>();

    public FrozenWeights(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
    }

    @Override
    public Operand<TFloat32> parameter(Ops tf, String path, long... shape) {
        used.add(path);
        return constant(tf, checkpoint.parameters(), path, path, shape);
    }

    @Override
    public Operand<TFloat32> statistic(Ops tf, String path, long... shape) {
        used.add(STATISTICS + path);
        return constant(tf, checkpoint.batchStatistics(), path, STATISTICS + path, shape);
    }

    /**
     * Makes sure that the model has taken every array: one that it leaves out means that it is not the model that was
     * trained.
     *
     * @throws WeightsException if an array was never asked for
     */
    public void requireAllUsed() {
        List<String> unused = Stream.concat(
                        checkpoint.parameters().arrays().keySet().stream(),
                        checkpoint.batchStatistics().arrays().keySet().stream().map(STATISTICS::concat))
                .filter(path -> !used.contains(path))
                .toList();
        if (!unused.isEmpty()) {
            throw new WeightsException("the checkpoint holds arrays that this model does not have (" + unused.size() + "): "
                    + String.join(", ", unused.subList(0, Math.min(5, unused.size()))) + (unused.size() > 5 ? ", …" : "")
                    + "; it was trained with a model or an option that is not supported, or the configuration is wrong");
        }
    }

    private static Operand<TFloat32> constant(Ops tf, ParameterTree tree, String path, String shown, long[] shape) {
        ArrayData array = tree.find(path).orElseThrow(() -> new WeightsException(
                "the checkpoint has no array '" + shown + "'; expected float32 " + Arrays.toString(shape)));
        if (array.type() != ElementType.FLOAT32 || !Arrays.equals(array.shape(), shape)) {
            throw new WeightsException(
                    "array '" + shown + "' is " + array + "; expected float32 " + Arrays.toString(shape));
        }
        return tf.constant(Shape.of(shape), DataBuffers.of(array.toFloats(), true, false));
    }
}
