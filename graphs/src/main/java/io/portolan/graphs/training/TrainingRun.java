package io.portolan.graphs.training;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.graphs.config.ConfigResolver;
import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.data.BatchOptions;
import io.portolan.graphs.data.BatchPipeline;
import io.portolan.graphs.data.DataSource;
import io.portolan.graphs.data.Dataset;
import io.portolan.graphs.data.DatasetSplits;
import io.portolan.graphs.data.Split;
import io.portolan.graphs.data.error.DatasetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A training run in a folder, either new or resumed from the state there.
 *
 * @param settings the settings of the run
 * @param start the initial weights, in the order in which checkpoints store them
 * @param state the state of the run; empty before the first step
 */
public record TrainingRun(
        Path folder,
        RunSettings settings,
        ModelConfig config,
        Checkpoint start,
        Optional<TrainingState> state,
        Placement placement) {

    /** Starts a new run on one device. See {@link #begin(Path, RunSettings, Checkpoint, Placement)}. */
    public static TrainingRun begin(Path folder, RunSettings settings, Checkpoint start, Device device)
            throws IOException {
        return begin(folder, settings, start, Placement.on(device));
    }

    /** Opens a run on one device. See {@link #resume(Path, Placement)}. */
    public static TrainingRun resume(Path folder, Device device) throws IOException {
        return resume(folder, Placement.on(device));
    }

    /**
     * Starts a new run: creates its folder and writes its settings there.
     *
     * @param start the initial weights, such as those of {@link Initialization}
     * @throws TrainingException if the folder already holds a run, or the data do not fill a batch
     * @throws io.portolan.graphs.config.ConfigException if the settings do not describe the model of the weights
     * @throws IOException if the folder cannot be written
     */
    public static TrainingRun begin(Path folder, RunSettings settings, Checkpoint start, Placement placement)
            throws IOException {
        if (Files.exists(RunFolder.state(folder))) {
            throw new TrainingException(folder + ": already holds a run; give another folder, or resume it");
        }
        if (settings.trainingSamples() < settings.batch()) {
            throw new TrainingException("a batch of " + settings.batch() + ": the data have only "
                    + settings.trainingSamples() + " samples for training");
        }
        ModelConfig config = ConfigResolver.resolve(start, Map.of(), Optional.of(settings.model()));
        Files.createDirectories(folder);
        settings.write(folder);
        return new TrainingRun(folder, settings, config, start, Optional.empty(), placement);
    }

    /**
     * Opens the run in a folder, to continue exactly where it stopped; with another number of devices, up to the order of sums.
     *
     * @throws IOException if the folder holds no run, or its files are malformed
     */
    public static TrainingRun resume(Path folder, Placement placement) throws IOException {
        RunSettings settings = RunSettings.read(folder);
        TrainingState state = TrainingState.read(RunFolder.state(folder));
        Checkpoint weights = state.session().weights();
        ModelConfig config = ConfigResolver.resolve(weights, Map.of(), Optional.of(settings.model()));
        return new TrainingRun(folder, settings, config, weights, Optional.of(state), placement);
    }

    /** The same run with more steps; the settings in its folder are replaced. */
    public TrainingRun until(long steps) throws IOException {
        RunSettings longer = settings.until(steps);
        longer.write(folder);
        return new TrainingRun(folder, longer, config, start, state, placement);
    }

    /** The number of completed steps. */
    public long steps() {
        return state.map(saved -> saved.session().counters().steps()).orElse(0L);
    }

    /**
     * Trains the model, and writes weights, metrics, curves and the state to the folder.
     *
     * @param stop polled after each step; if true, the run is saved and ends
     * @param listeners additional listeners for steps and evaluations
     * @return whether the run is complete
     * @throws DatasetException if the number of samples differs from when the run began
     * @throws TrainingException if the loss is no longer finite
     * @throws DeviceException if there is no such device
     * @throws IOException if data cannot be read or files cannot be written
     */
    public boolean train(BooleanSupplier stop, List<TrainingListener> listeners) throws IOException {
        ImageSize size = new ImageSize(config.imageHeight(), config.imageWidth());
        try (DatasetSplits data = new DataSource(settings.data()).open(Optional.of(size));
                TrainingSession session = new TrainingSession(
                        start, config, settings.plan(), settings.precision(), settings.optimizer(), placement)) {
            Dataset training = samples(data, Split.TRAIN);
            if (training.size() != settings.trainingSamples()) {
                throw new DatasetException(settings.data() + ": has " + training.size() + " training samples; expected "
                        + settings.trainingSamples() + " as when the run began");
            }
            TrainingData batches = new TrainingData(
                    new BatchPipeline(training, BatchOptions.training(settings.batch(), settings.seed())),
                    new BatchPipeline(samples(data, Split.VAL), BatchOptions.evaluation(settings.batch())),
                    config.classes());
            return train(session, batches, stop, listeners);
        }
    }

    private boolean train(
            TrainingSession session, TrainingData data, BooleanSupplier stop, List<TrainingListener> listeners)
            throws IOException {
        state.ifPresent(saved -> session.restore(saved.session()));
        RunPosition position = state.map(TrainingState::position).orElse(RunPosition.START);
        if (state.isEmpty()) {
            // Saved now, so that a run that is killed before its first regular save can be resumed too.
            new TrainingState(session.state(), position).write(RunFolder.state(folder));
        }
        TrainingPlan plan = new TrainingPlan(settings.steps(), settings.evaluateEvery());
        try (MetricsLog metrics = MetricsLog.open(folder, session.steps(), position.measured());
                TensorBoardLog events = TensorBoardLog.open(folder, session.steps())) {
            List<TrainingListener> all = new ArrayList<>(List.of(metrics, events, new TrainingCurves(folder)));
            all.addAll(listeners);
            return new Trainer(session, data, plan, new RunFolder(folder, config), position, all).run(stop);
        }
    }

    private Dataset samples(DatasetSplits data, Split split) throws DatasetException {
        return DataSource.as(config.input(), data.part(split));
    }
}
