package io.portolan.graphs.training;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ActivationType;
import io.portolan.graphs.config.CellType;
import io.portolan.graphs.config.FrameReadout;
import io.portolan.graphs.config.InputForm;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.config.NormType;
import io.portolan.graphs.config.Options;
import io.portolan.graphs.config.Pooling;
import io.portolan.graphs.config.PositionMode;
import io.portolan.graphs.config.SimpleCssmConfig;
import io.portolan.graphs.data.BatchOptions;
import io.portolan.graphs.data.BatchPipeline;
import io.portolan.graphs.data.Dataset;
import io.portolan.graphs.data.GeneratedDataset;
import io.portolan.graphs.data.error.DatasetException;
import io.portolan.graphs.data.pathfinder.Difficulty;
import io.portolan.graphs.ops.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A run of a model that takes milliseconds for a step, in a folder. Each object represents a separate process. */
final class TinyRun {
    static final int BATCH = 4;
    static final int BATCHES = 5;
    static final ModelConfig MODEL = new SimpleCssmConfig(
            CellType.GATED,
            8,
            1,
            5,
            2,
            NormType.BATCH,
            PositionMode.SPATIOTEMPORAL,
            ActivationType.SOFTPLUS,
            Pooling.MEAN,
            FrameReadout.LAST,
            2,
            InputForm.IMAGE,
            28,
            28,
            Options.DEFAULTS);
    static final OptimizerConfig OPTIMIZER =
            new OptimizerConfig(LearningRateSchedule.corrected(3e-3, 2, 12), 1, 1e-2, 0.9, 0.999, 1e-8, 0.1, 0.9);

    private final Path folder;
    private final Dataset training;
    private final List<StepReport> steps = new ArrayList<>();
    private final List<EvaluationReport> evaluations = new ArrayList<>();

    TinyRun(Path folder) {
        this(folder, pictures(1, BATCH * BATCHES));
    }

    TinyRun(Path folder, Dataset training) {
        this.folder = folder;
        this.training = training;
    }

    static Dataset pictures(long seed, int count) {
        try {
            return GeneratedDataset.of(Difficulty.EASIEST.options().scaledTo(28), seed, count);
        } catch (DatasetException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static TrainingSession session() {
        return session(initial(), Precision.SINGLE);
    }

    static TrainingSession session(Checkpoint start, Precision precision) {
        return new TrainingSession(start, MODEL, Plan.FUSED, precision, OPTIMIZER, Device.CPU);
    }

    static Checkpoint initial() {
        return Initialization.of(MODEL, 7);
    }

    /** Starts the run. */
    boolean start(long until, BooleanSupplier stop) throws IOException {
        try (TrainingSession session = session()) {
            return run(session, RunPosition.START, until, stop);
        }
    }

    /** Resumes the run in the folder. */
    boolean resume(long until) throws IOException {
        TrainingState state = TrainingState.read(RunFolder.state(folder));
        try (TrainingSession session = session(state.session().weights(), Precision.SINGLE)) {
            session.restore(state.session());
            return run(session, state.position(), until, () -> false);
        }
    }

    List<StepReport> steps() {
        return steps;
    }

    List<EvaluationReport> evaluations() {
        return evaluations;
    }

    private boolean run(TrainingSession session, RunPosition position, long until, BooleanSupplier stop)
            throws IOException {
        TrainingData data = new TrainingData(
                new BatchPipeline(training, BatchOptions.training(BATCH, 3)),
                new BatchPipeline(pictures(2, 6), BatchOptions.evaluation(BATCH)),
                MODEL.classes());
        TrainingListener memory = new TrainingListener() {
            @Override
            public void stepped(StepReport report) {
                steps.add(report);
            }

            @Override
            public void evaluated(EvaluationReport report) {
                evaluations.add(report);
            }
        };
        try (MetricsLog metrics = MetricsLog.open(folder, session.steps(), position.measured());
                TensorBoardLog events = TensorBoardLog.open(folder, session.steps())) {
            return new Trainer(
                            session,
                            data,
                            new TrainingPlan(until, 1),
                            new RunFolder(folder, MODEL),
                            position,
                            List.of(memory, metrics, events, new TrainingCurves(folder)))
                    .run(stop);
        }
    }
}
