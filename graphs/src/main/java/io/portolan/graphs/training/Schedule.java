package io.portolan.graphs.training;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The learning rate schedules to choose from. */
public enum Schedule {
    /** {@link LearningRateSchedule#reference}. */
    REFERENCE,
    /** {@link LearningRateSchedule#corrected}. */
    CORRECTED,
    /** {@link LearningRateSchedule#constant}. */
    CONSTANT;

    /**
     * The schedule of a run.
     *
     * @param peak the learning rate after the warm-up
     * @param warmup number of steps of the warm-up
     * @param steps number of steps of the run
     * @throws IllegalArgumentException if a number is out of its range, or the run too short for the schedule
     */
    public LearningRateSchedule over(double peak, int warmup, int steps) {
        if (!(peak > 0) || warmup < 0) {
            throw new IllegalArgumentException(
                    "the learning rate must be positive and the warm-up not negative, not " + peak + " and " + warmup);
        }
        if (this == REFERENCE && steps <= 2L * warmup) {
            throw new IllegalArgumentException("the schedule 'reference' needs a run of more than two warm-ups of "
                    + warmup + " steps, and this one has " + steps
                    + "; expected a longer run, a shorter warm-up, or the schedule 'corrected'");
        }
        return switch (this) {
            case REFERENCE -> LearningRateSchedule.reference(peak, warmup, steps);
            case CORRECTED -> LearningRateSchedule.corrected(peak, warmup, steps);
            case CONSTANT -> LearningRateSchedule.constant(peak, warmup);
        };
    }

    /** The schedule of a name as typed. */
    public static Optional<Schedule> named(String name) {
        return Arrays.stream(values())
                .filter(one -> one.toString().equals(name))
                .findFirst();
    }

    /** The names to choose from. */
    public static String names() {
        return Arrays.stream(values()).map(Schedule::toString).collect(Collectors.joining(", "));
    }

    /** The name as typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
