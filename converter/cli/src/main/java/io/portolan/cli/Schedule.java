package io.portolan.cli;

import io.portolan.graphs.training.LearningRateSchedule;
import java.util.Locale;

/** The learning rate schedules to choose from. */
enum Schedule {
    REFERENCE,
    CORRECTED,
    CONSTANT;

    /** @throws IllegalArgumentException if the run is too short for the schedule */
    LearningRateSchedule over(double peak, int warmup, int steps) {
        if (!(peak > 0) || warmup < 0) {
            throw new IllegalArgumentException(
                    "--lr must be positive and --warmup not negative, not " + peak + " and " + warmup);
        }
        if (this == REFERENCE && steps <= 2L * warmup) {
            throw new IllegalArgumentException("--schedule reference needs a run of more than two warm-ups of " + warmup
                    + " steps, and this one has " + steps
                    + "; expected a longer run, a smaller --warmup, or --schedule corrected");
        }
        return switch (this) {
            case REFERENCE -> LearningRateSchedule.reference(peak, warmup, steps);
            case CORRECTED -> LearningRateSchedule.corrected(peak, warmup, steps);
            case CONSTANT -> LearningRateSchedule.constant(peak, warmup);
        };
    }

    /** The name as typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
