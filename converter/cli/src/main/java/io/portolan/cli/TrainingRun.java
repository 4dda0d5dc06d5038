package io.portolan.cli;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.data.BatchOptions;
import io.portolan.graphs.data.BatchPipeline;
import io.portolan.graphs.data.Dataset;
import io.portolan.graphs.data.error.DatasetException;
import io.portolan.graphs.data.DatasetSplits;
import io.portolan.graphs.data.Split;
import io.portolan.graphs.training.Device;
import io.portolan.graphs.training.MetricsLog;
import io.portolan.graphs.training.RunFolder;
import io.portolan.graphs.training.RunPosition;
import io.portolan.graphs.training.TensorBoardLog;
import io.portolan.graphs.training.Trainer;
import io.portolan.graphs.training.TrainingCurves;
import io.portolan.graphs.training.TrainingData;
import io.portolan.graphs.training.TrainingPlan;
import io.portolan.graphs.training.TrainingSession;
import io.portolan.graphs.training.TrainingState;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A run that goes on in its folder from a state there, or from the start.
 *
 * @param settings as they are in the folder
 * @param start weights of the model, in the order in which checkpoints shall have them
 * @param state where the run stands; empty before the first step
 */
record TrainingRun(
        Path folder, RunSettings settings, ModelConfig config, Checkpoint start, Optional<TrainingState> state, Device device) {

    /** Trains. Returns whether the run is complete. */
    boolean train(BooleanSupplier stop, PrintWriter out) throws IOException {
        ImageSize size = new ImageSize(config.imageHeight(), config.imageWidth());
        try (DatasetSplits data = new LabelledData(settings.data()).open(Optional.of(size));
                TrainingSession session = new TrainingSession(
                        start, config, settings.plan(), settings.precision(), settings.optimizer(), device)) {
            Dataset training = samples(data, Split.TRAIN);
            if (training.size() != settings.trainingSamples()) {
                throw new DatasetException(settings.data() + ": has " + training.size() + " training samples; expected "
                        + settings.trainingSamples() + " as when the run began");
            }
            TrainingData batches = new TrainingData(
                    new BatchPipeline(training, BatchOptions.training(settings.batch(), settings.seed())),
                    new BatchPipeline(samples(data, Split.VAL), BatchOptions.evaluation(settings.batch())),
                    config.classes());
            return train(session, batches, stop, out);
        }
    }

    private boolean train(TrainingSession session, TrainingData data, BooleanSupplier stop, PrintWriter out)
            throws IOException {
        state.ifPresent(saved -> session.restore(saved.session()));
        RunPosition position = state.map(TrainingState::position).orElse(RunPosition.START);
        if (state.isEmpty()) {
            // A run that is killed before it saves for the first time can be resumed too.
            new TrainingState(session.state(), position).write(RunFolder.state(folder));
        }
        TrainingPlan plan = new TrainingPlan(settings.steps(), settings.evaluateEvery());
        try (MetricsLog metrics = MetricsLog.open(folder, session.steps(), position.measured());
                TensorBoardLog events = TensorBoardLog.open(folder, session.steps());
                TrainingDisplay display = TrainingDisplay.of(out, session.steps(), settings.steps())) {
            return new Trainer(session, data, plan, new RunFolder(folder, config), position,
                            List.of(metrics, events, new TrainingCurves(folder), display))
                    .run(stop);
        }
    }

    private Dataset samples(DatasetSplits data, Split split) throws DatasetException {
        return LabelledData.as(config.input(), data.part(split));
    }
}
