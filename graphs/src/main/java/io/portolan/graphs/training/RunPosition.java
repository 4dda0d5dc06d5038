package io.portolan.graphs.training;

import java.util.Optional;

/**
 * The position of a run, without its session. After the last batch of an epoch, the work at the end of the epoch is
 * still to be done.
 *
 * @param epoch number of the epoch, from 0
 * @param batch number of the next batch of the epoch, from 0
 * @param measured the step of the last evaluation; 0 if there was none
 * @param best the smallest validation loss so far; infinite before the first
 * @param bestStep the step at which it was measured
 * @param totals sums over the epoch so far
 */
public record RunPosition(int epoch, int batch, long measured, double best, long bestStep, EpochTotals totals) {
    /** Before the first step. */
    public static final RunPosition START = new RunPosition(0, 0, 0, Double.POSITIVE_INFINITY, 0, EpochTotals.NONE);

    RunPosition after(StepResult step) {
        return new RunPosition(epoch, batch + 1, measured, best, bestStep, totals.plus(step));
    }

    /** A loss of NaN is never the best. */
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
