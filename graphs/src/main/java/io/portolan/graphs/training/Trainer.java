package io.portolan.graphs.training;

import io.portolan.graphs.data.Batch;
import io.portolan.graphs.data.BatchStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The training loop: trains epoch by epoch, evaluates, and saves, so that a run can stop at any step and be resumed
 * exactly. An instance serves one run.
 */
public final class Trainer {
    /** The most training time that a power failure can lose. */
    private static final Duration BETWEEN_SAVES = Duration.ofMinutes(10);

    private final TrainingSession session;
    private final TrainingData data;
    private final TrainingPlan plan;
    private final RunFolder folder;
    private final List<TrainingListener> listeners;
    private final Evaluator evaluator;
    private RunPosition position;
    private long lastSave;
    private boolean updatedByNonFinite;

    /**
     * @param position the position of the run, which matches that of the session
     * @throws TrainingException if the training data do not fill a batch
     */
    public Trainer(
            TrainingSession session,
            TrainingData data,
            TrainingPlan plan,
            RunFolder folder,
            RunPosition position,
            List<TrainingListener> listeners) {
        if (data.training().batches() == 0) {
            throw new TrainingException(
                    "the training data do not fill a single batch; expected more samples or a smaller batch");
        }
        this.session = session;
        this.data = data;
        this.plan = plan;
        this.folder = folder;
        this.position = position;
        this.listeners = List.copyOf(listeners);
        this.evaluator = new Evaluator(data.classes(), batch -> session.logits(batch.images()));
    }

    /**
     * Trains until the plan is complete or a stop is requested, and saves everything in either case.
     *
     * @param stop polled between steps and between batches of an evaluation
     * @return whether the plan is complete
     * @throws TrainingException if the session's arithmetic is wrong on this machine, or the weights are no longer
     *     finite; the last saved files are kept
     */
    public boolean run(BooleanSupplier stop) throws IOException {
        proveArithmetic();
        lastSave = System.nanoTime();
        while (!isComplete()) {
            train(stop);
            if (stop.getAsBoolean() || !endEpoch(stop)) {
                save(position.epoch());
                return isComplete();
            }
        }
        return true;
    }

    private void proveArithmetic() throws IOException {
        if (isComplete() || !session.needsProof()) {
            return;
        }
        try (BatchStream batches = data.training().at(position.epoch(), 0)) {
            Batch batch = batches.next();
            Labels.require(batch, data.classes());
            ArithmeticProof proof = ArithmeticProof.of(session, batch);
            for (TrainingListener listener : listeners) {
                listener.arithmeticChecked(proof);
            }
        }
    }

    private boolean isComplete() {
        return session.steps() >= plan.steps() && position.measured() == session.steps();
    }

    private void train(BooleanSupplier stop) throws IOException {
        long time = System.nanoTime();
        try (BatchStream batches = data.training().at(position.epoch(), position.batch())) {
            while (batches.hasNext() && session.steps() < plan.steps() && !stop.getAsBoolean()) {
                Batch batch = batches.next();
                Labels.require(batch, data.classes());
                StepResult result = session.step(batch.images(), batch.labels());
                position = position.after(result);
                long now = System.nanoTime();
                StepReport report = new StepReport(result, position.epoch(), batch.count(), (now - time) / 1e9);
                time = now;
                for (TrainingListener listener : listeners) {
                    listener.stepped(report);
                }
                requireFiniteLoss(result);
                if (now - lastSave > BETWEEN_SAVES.toNanos()) {
                    save(position.epoch());
                }
            }
        }
    }

    /**
     * After an update with gradients that are not finite, the loss of the next step shows whether the weights are still
     * finite.
     */
    private void requireFiniteLoss(StepResult result) {
        if (updatedByNonFinite && !Double.isFinite(result.loss())) {
            throw new TrainingException("step " + result.step() + ": the loss is " + result.loss()
                    + " after an update with gradients that are not finite, which is made after "
                    + TrainingSession.MAX_CONSECUTIVE_SKIPS + " such steps in a row; the last good state is in "
                    + folder.path() + ". Try a smaller learning rate");
        }
        updatedByNonFinite = result.applied() && !result.finite();
    }

    /** Evaluates if it is due, and saves. Returns false if the evaluation was stopped. */
    private boolean endEpoch(BooleanSupplier stop) throws IOException {
        int epoch = position.epoch();
        boolean complete = position.batch() == data.training().batches();
        boolean last = session.steps() >= plan.steps();
        if (last || (epoch + 1) % plan.evaluateEvery() == 0) {
            Optional<Evaluation> evaluation = evaluator.evaluate(data.validation(), stop);
            if (evaluation.isEmpty() && data.validation().batches() > 0) {
                return false;
            }
            report(evaluation);
        }
        if (complete) {
            position = position.nextEpoch();
        }
        save(epoch);
        return true;
    }

    private void report(Optional<Evaluation> evaluation) throws IOException {
        double best = position.best();
        EpochTotals totals = position.totals();
        position = position.measured(session.steps(), evaluation);
        boolean improved = position.best() < best;
        EvaluationReport report = new EvaluationReport(
                session.steps(), position.epoch(), totals.meanLoss(), totals.meanAccuracy(), evaluation, improved);
        for (TrainingListener listener : listeners) {
            listener.evaluated(report);
        }
        if (improved) {
            folder.saveBest(state(), position.epoch());
        }
    }

    private void save(int epoch) throws IOException {
        TrainingState state = state();
        folder.save(state, epoch);
        lastSave = System.nanoTime();
        for (TrainingListener listener : listeners) {
            listener.saved(state);
        }
    }

    private TrainingState state() {
        return new TrainingState(session.state(), position);
    }
}
