package io.portolan.graphs.training;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.ParameterTree;
import io.portolan.checkpoints.values.ArrayData;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * All that a session needs to go on as if it had never stopped.
 *
 * @param arrays every variable by path: {@code params/…}, {@code batch_stats/…}, the moments {@code adam_m/…} and
 *     {@code adam_v/…}, and {@code average/…} where averages are kept
 * @param counters where it stands
 */
public record SessionState(Map<String, ArrayData> arrays, Counters counters) {

    /**
     * What a session counts.
     *
     * @param steps taken so far
     * @param updates steps that were applied; they decide the learning rate and the bias corrections
     * @param consecutiveSkips steps without finite gradients since the last one that had them
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
     * The weights to use, and to evaluate: averages where they are kept. Paths are in the order of the state.
     *
     * @param epoch counted from 0
     * @param metadata what else the file shall tell
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
