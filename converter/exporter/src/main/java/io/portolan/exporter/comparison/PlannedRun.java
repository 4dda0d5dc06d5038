package io.portolan.exporter.comparison;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.Checkpoints;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.data.DataSource;
import io.portolan.graphs.data.Split;
import io.portolan.graphs.data.error.DatasetException;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.graphs.training.Device;
import io.portolan.graphs.training.Evaluation;
import io.portolan.graphs.training.Evaluator;
import io.portolan.graphs.training.Initialization;
import io.portolan.graphs.training.RunFolder;
import io.portolan.graphs.training.RunMetrics;
import io.portolan.graphs.training.RunSettings;
import io.portolan.graphs.training.TrainingRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One model with one seed, trained in a folder of its own.
 *
 * @param competitor the model
 * @param config its whole configuration
 * @param settings of the training run
 */
public record PlannedRun(Competitor competitor, ModelConfig config, RunSettings settings, Path folder) {
    /** Refuses a folder that holds a run with other settings. */
    void requireSameSettings() throws IOException {
        if (Files.exists(RunFolder.state(folder)) && !RunSettings.read(folder).equals(settings)) {
            throw new IOException(
                    folder + ": holds a run of another model, data or budget; expected another output folder,"
                            + " or the plan that this one was begun with");
        }
    }

    /** The result; empty if the run is not finished. */
    Optional<RunResult> result() throws IOException {
        return RunResult.read(folder);
    }

    /** Begins the run, or continues the one in the folder. */
    TrainingRun open(Device device) throws IOException {
        return Files.exists(RunFolder.state(folder))
                ? TrainingRun.resume(folder, device)
                : TrainingRun.begin(folder, settings, Initialization.of(config, settings.seed()), device);
    }

    /** The weights that count: those with the smallest validation loss. */
    Path best() {
        return new RunFolder(folder, config).best();
    }

    /** The exported model. */
    Path onnx() {
        return folder.resolve("model.onnx");
    }

    /** Measures the trained model on the test part, and stores the result in the folder. */
    RunResult measure() throws IOException {
        Checkpoint weights = Checkpoints.read(best());
        try (ModelGraph graph = ModelGraph.build(weights, config, Plan.FUSED)) {
            Evaluation test = Evaluator.of(graph, config.classes())
                    .evaluate(
                            new DataSource(settings.data()), config.input(), Optional.of(Split.TEST), settings.batch())
                    .orElseThrow(() -> new DatasetException(settings.data() + ": has no test samples"));
            RunResult result = new RunResult(
                    settings.seed(),
                    settings.steps(),
                    weights.parameters().parameterCount(),
                    test.accuracy(),
                    test.loss(),
                    test.samples(),
                    RunMetrics.read(folder, settings.batch()));
            result.write(folder);
            return result;
        }
    }
}
