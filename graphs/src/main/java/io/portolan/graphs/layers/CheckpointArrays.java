package io.portolan.graphs.layers;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.ParameterTree;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ElementType;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A checkpoint's arrays, as a model requests them; it keeps track of those that are never requested. */
public final class CheckpointArrays {
    private static final String STATISTICS = "batch_stats/";
    private static final int SHOWN = 5;

    private final Checkpoint checkpoint;
    private final Set<String> used = new HashSet<>();

    public CheckpointArrays(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
    }

    /**
     * A trainable array.
     *
     * @throws WeightsException if it is missing or is not float32 of that shape
     */
    public ArrayData parameter(String path, long... shape) {
        used.add(path);
        return require(checkpoint.parameters(), path, path, shape);
    }

    /** A running statistic; like {@link #parameter}. */
    public ArrayData statistic(String path, long... shape) {
        used.add(STATISTICS + path);
        return require(checkpoint.batchStatistics(), path, STATISTICS + path, shape);
    }

    /**
     * Checks that the model has requested every array: an unused one means that it is not the model that was trained.
     *
     * @throws WeightsException if an array was never requested
     */
    public void requireAllUsed() {
        List<String> unused = Stream.concat(
                        checkpoint.parameters().arrays().keySet().stream(),
                        checkpoint.batchStatistics().arrays().keySet().stream().map(STATISTICS::concat))
                .filter(path -> !used.contains(path))
                .toList();
        if (!unused.isEmpty()) {
            String shown = String.join(", ", unused.subList(0, Math.min(SHOWN, unused.size())));
            throw new WeightsException(
                    "the checkpoint holds arrays that this model does not have (" + unused.size() + "): "
                            + shown + (unused.size() > SHOWN ? ", …" : "")
                            + "; it was trained with a model or an option that is not supported, or the configuration is wrong");
        }
    }

    private static ArrayData require(ParameterTree tree, String path, String shown, long[] shape) {
        ArrayData array = tree.find(path)
                .orElseThrow(() -> new WeightsException(
                        "the checkpoint has no array '" + shown + "'; expected float32 " + Arrays.toString(shape)));
        if (array.type() != ElementType.FLOAT32 || !Arrays.equals(array.shape(), shape)) {
            throw new WeightsException(
                    "array '" + shown + "' is " + array + "; expected float32 " + Arrays.toString(shape));
        }
        return array;
    }
}
