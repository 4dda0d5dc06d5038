package io.portolan.graphs.training;

import java.util.Optional;

/**
 * Where a run stands, besides its session. Between the last batch of an epoch and the next epoch's first, what an epoch
 * ends with is still outstanding.
 *
 * @param epoch counted from 0
 * @param batch the next batch of the epoch, counted from 0
 * @param measured the step after which the model was evaluated last; 0 if never
 * @param best the smallest validation loss so far; infinite before the first
 * @param bestStep the step after which it was measured
 * @param totals of the epoch so far
 */
public record RunPosition(int epoch, int batch, long measured, double best, long bestStep, EpochTotals totals) {
    /** Before the first step. */
    public static final RunPosition START = new RunPosition(0, 0, 0, Double.POSITIVE_INFINITY, 0, EpochTotals.NONE);

    RunPosition after(StepResult step) {
        return new RunPosition(epoch, batch + 1, measured, best, bestStep, totals.plus(step));
    }

    /** A loss that is no number is never the best. */
    RunPosition measured(long step, Optional<Evaluation> evaluation) {
        double loss = evaluation.map(Evaluation::loss).orElse(Double.NaN);
        return loss < best
                ? new RunPosition(epoch, batch, step, loss, step, totals)
                : new RunPosition(epoch, batch, step, best, bestStep, totals);
    }

    RunPosition nextEpoch() {
        return new RunPosition(epoch + 1, 0, measured, best, bestStep, EpochTotals.NONE);
    }
}
