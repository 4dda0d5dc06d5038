package io.portolan.exporter;

import io.portolan.converter.ExportOptions;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.cells.TimeForm;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.model.Model;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Options of the export of a checkpoint's model.
 *
 * @param export the options that every export has
 * @param plan the computation plan of the cells
 * @param time the form of the steps in the graph; empty to choose it by their number
 * @param labels names of the classes; empty for Pathfinder's two, or for numbers if there are more classes
 * @param savedModel a new folder to write the TensorFlow graph to as a SavedModel; empty for none
 * @param verify whether the model is compared with the reference before it is written
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
    /** The maximum number of unrolled steps; above it the graph has a loop, because thousands of nodes take seconds to load. */
    public static final int MOST_UNROLLED = 32;

    public CheckpointExportOptions {
        labels = List.copyOf(labels);
    }

    /** Default options: the fused plan, verified; no file is replaced. */
    public static CheckpointExportOptions defaults() {
        return new CheckpointExportOptions(
                ExportOptions.defaults(), Plan.FUSED, Optional.empty(), List.of(), Optional.empty(), true, false);
    }

    /** A copy with other options of the conversion. */
    public CheckpointExportOptions with(ExportOptions other) {
        return new CheckpointExportOptions(other, plan, time, labels, savedModel, verify, replace);
    }

    /** A copy with another plan. */
    public CheckpointExportOptions with(Plan other) {
        return new CheckpointExportOptions(export, other, time, labels, savedModel, verify, replace);
    }

    /** A copy with another form of the steps; the faithful plan has only one. */
    public CheckpointExportOptions with(TimeForm other) {
        return new CheckpointExportOptions(export, plan, Optional.of(other), labels, savedModel, verify, replace);
    }

    /** A copy with other class names. */
    public CheckpointExportOptions withLabels(List<String> other) {
        return new CheckpointExportOptions(export, plan, time, other, savedModel, verify, replace);
    }

    /** A copy that also writes the TensorFlow graph. */
    public CheckpointExportOptions withSavedModel(Path folder) {
        return new CheckpointExportOptions(export, plan, time, labels, Optional.of(folder), verify, replace);
    }

    /** A copy without the comparison, and so without the self-test in the file. */
    public CheckpointExportOptions unverified() {
        return new CheckpointExportOptions(export, plan, time, labels, savedModel, false, replace);
    }

    /** A copy that overwrites an existing file. */
    public CheckpointExportOptions replacing() {
        return new CheckpointExportOptions(export, plan, time, labels, savedModel, verify, true);
    }

    TimeForm timeOf(ModelConfig config) {
        boolean isLong = plan == Plan.FUSED && config.frames() > MOST_UNROLLED && Model.hasLoop(config);
        return time.orElse(isLong ? TimeForm.SCAN : TimeForm.UNROLLED);
    }
}
