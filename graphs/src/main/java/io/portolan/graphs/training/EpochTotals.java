package io.portolan.graphs.training;

/**
 * Sums over the steps of an epoch whose loss was finite.
 *
 * @param loss sum of the losses
 * @param accuracy sum of the accuracies
 * @param steps number of steps
 */
public record EpochTotals(double loss, double accuracy, int steps) {
    static final EpochTotals NONE = new EpochTotals(0, 0, 0);

    EpochTotals plus(StepResult step) {
        return Double.isFinite(step.loss())
                ? new EpochTotals(loss + step.loss(), accuracy + step.accuracy(), steps + 1)
                : this;
    }

    /** NaN before the first step. */
    double meanLoss() {
        return loss / steps;
    }

    /** NaN before the first step. */
    double meanAccuracy() {
        return accuracy / steps;
    }
}
