package io.portolan.graphs.training;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.ParameterTree;
import io.portolan.checkpoints.values.ArrayData;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The state of a session, sufficient to continue as if it had never stopped.
 *
 * @param arrays all variables by path: {@code params/…}, {@code batch_stats/…}, the moments {@code adam_m/…} and
 *     {@code adam_v/…}, and {@code average/…} if averages are kept
 * @param counters the counts of steps
 */
public record SessionState(Map<String, ArrayData> arrays, Counters counters) {

    /**
     * The counters of a session.
     *
     * @param steps number of steps taken so far
     * @param updates number of steps that were applied, which determines the learning rate and the bias corrections
     * @param consecutiveSkips number of steps since the last one with finite gradients
     */
    public record Counters(long steps, long updates, int consecutiveSkips) {}

    public SessionState {
        arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
    }

    /** The parameters and statistics in training. */
    public Checkpoint weights() {
        return checkpoint(TrainingGraph.PARAMETERS, OptionalLong.empty(), Map.of());
    }

    /**
     * The weights for use and evaluation: the averages if they are kept. Paths are in the order of the state.
     *
     * @param epoch number of the epoch, from 0
     * @param metadata further metadata for the checkpoint
     */
    public Checkpoint result(OptionalLong epoch, Map<String, Object> metadata) {
        boolean averaged = arrays.keySet().stream().anyMatch(path -> path.startsWith(TrainingGraph.AVERAGES));
        return checkpoint(averaged ? TrainingGraph.AVERAGES : TrainingGraph.PARAMETERS, epoch, metadata);
    }

    private Checkpoint checkpoint(String prefix, OptionalLong epoch, Map<String, Object> metadata) {
        return new Checkpoint(
                below(prefix), below(TrainingGraph.STATISTICS), epoch, OptionalLong.of(counters.steps()), metadata);
    }

    private ParameterTree below(String prefix) {
        Map<String, ArrayData> below = new LinkedHashMap<>();
        arrays.forEach((path, array) -> {
            if (path.startsWith(prefix)) {
                below.put(path.substring(prefix.length()), array);
            }
        });
        return ParameterTree.of(below);
    }
}
