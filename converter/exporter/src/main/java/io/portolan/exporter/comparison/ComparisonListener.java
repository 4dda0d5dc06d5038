package io.portolan.exporter.comparison;

import io.portolan.graphs.training.TrainingListener;
import io.portolan.graphs.training.TrainingRun;
import java.io.IOException;
import java.util.List;

/** A listener for the progress of a comparison, called on its thread. An exception ends the comparison. */
public interface ComparisonListener {
    /**
     * Called before a run is begun or continued.
     *
     * @return listeners for its steps
     */
    default List<TrainingListener> starting(PlannedRun planned, TrainingRun run) throws IOException {
        return List.of();
    }

    /** Called when a run is over: its result, or null if it was stopped. */
    default void ended(PlannedRun planned, RunResult result) throws IOException {}

    /** Called for a run that was finished before. */
    default void skipped(PlannedRun planned, RunResult result) throws IOException {}

    /** Called before a model is exported, or all are timed. */
    default void measuring(String what) throws IOException {}
}
