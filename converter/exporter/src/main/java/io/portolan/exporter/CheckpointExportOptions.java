package io.portolan.exporter;

import io.portolan.converter.ExportOptions;
import io.portolan.graphs.cells.Cell;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.cells.TimeForm;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.config.SimpleCssmConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a checkpoint's model is exported.
 *
 * @param export what every export has a choice of
 * @param plan how the cells are computed
 * @param time how the graph goes through the steps; empty for what suits their number
 * @param labels names of the classes; empty for Pathfinder's two, or numbers where there are more classes
 * @param savedModel a new folder for the TensorFlow graph that the model is made of, as a SavedModel; empty for none
 * @param verify whether the model is held to the reference before it is written
 * @param replace whether a file of the model's name may be overwritten
 */
public record CheckpointExportOptions(
        ExportOptions export,
        Plan plan,
        Optional<TimeForm> time,
        List<String> labels,
        Optional<Path> savedModel,
        boolean verify,
        boolean replace) {
    /** With more steps than these the graph has a loop: thousands of nodes take seconds to load. */
    public static final int MOST_UNROLLED = 32;

    public CheckpointExportOptions {
        labels = List.copyOf(labels);
    }

    /** The usual export of the fused plan, verified; no file is replaced. */
    public static CheckpointExportOptions defaults() {
        return new CheckpointExportOptions(
                ExportOptions.defaults(), Plan.FUSED, Optional.empty(), List.of(), Optional.empty(), true, false);
    }

    /** The same with other choices of the conversion. */
    public CheckpointExportOptions with(ExportOptions other) {
        return new CheckpointExportOptions(other, plan, time, labels, savedModel, verify, replace);
    }

    /** The same by another plan. */
    public CheckpointExportOptions with(Plan other) {
        return new CheckpointExportOptions(export, other, time, labels, savedModel, verify, replace);
    }

    /** The same with another form of the steps, of which the faithful plan has one only. */
    public CheckpointExportOptions with(TimeForm other) {
        return new CheckpointExportOptions(export, plan, Optional.of(other), labels, savedModel, verify, replace);
    }

    /** The same with other names of the classes. */
    public CheckpointExportOptions withLabels(List<String> other) {
        return new CheckpointExportOptions(export, plan, time, other, savedModel, verify, replace);
    }

    /** The same, and the TensorFlow graph is written too. */
    public CheckpointExportOptions withSavedModel(Path folder) {
        return new CheckpointExportOptions(export, plan, time, labels, Optional.of(folder), verify, replace);
    }

    /** The same without the comparison, and so without the self-test in the file. */
    public CheckpointExportOptions unverified() {
        return new CheckpointExportOptions(export, plan, time, labels, savedModel, false, replace);
    }

    /** The same, but a file of the model's name is overwritten. */
    public CheckpointExportOptions replacing() {
        return new CheckpointExportOptions(export, plan, time, labels, savedModel, verify, true);
    }

    TimeForm timeOf(ModelConfig config) {
        boolean isLong = plan == Plan.FUSED && config.frames() > MOST_UNROLLED;
        return time.orElse(isLong && canLoop(config) ? TimeForm.SCAN : TimeForm.UNROLLED);
    }

    private static boolean canLoop(ModelConfig config) {
        return config instanceof SimpleCssmConfig simple
                && Cell.of(simple.cell(), simple.options()).canLoop();
    }
}
