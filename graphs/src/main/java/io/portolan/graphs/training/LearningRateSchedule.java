package io.portolan.graphs.training;

/**
 * Linear warm-up and cosine decay, as optax has it.
 *
 * @param initial learning rate of the first update
 * @param peak learning rate after the warm-up
 * @param warmupSteps updates from initial to peak
 * @param decaySteps updates from the first to the end of the decay, the warm-up included
 * @param end learning rate after the decay
 */
public record LearningRateSchedule(double initial, double peak, int warmupSteps, int decaySteps, double end) {
    /** Updates of the reference's warm-up. */
    public static final int WARMUP = 500;

    private static final double END = 0.01;

    public LearningRateSchedule {
        if (warmupSteps < 0 || decaySteps <= warmupSteps || !(peak > 0)) {
            throw new IllegalArgumentException("a schedule needs a positive peak and more decay steps (" + decaySteps
                    + ") than warm-up steps (" + warmupSteps + ")");
        }
    }

    /**
     * The schedule that the reference trained its published models with. It takes the warm-up off the decay twice, so
     * that as many of the last updates stay at the end's rate.
     *
     * @throws IllegalArgumentException unless there are more updates than two warm-ups
     */
    public static LearningRateSchedule reference(double peak, int warmup, int totalSteps) {
        return new LearningRateSchedule(0, peak, warmup, totalSteps - warmup, END * peak);
    }

    /** The same, with the decay spread over all updates after the warm-up, and a shorter warm-up for short runs. */
    public static LearningRateSchedule corrected(double peak, int warmup, int totalSteps) {
        return new LearningRateSchedule(0, peak, Math.min(warmup, totalSteps - 1), totalSteps, END * peak);
    }

    /** The same rate for ever after the warm-up. */
    public static LearningRateSchedule constant(double peak, int warmup) {
        return new LearningRateSchedule(0, peak, warmup, warmup + 1, peak);
    }

    /** The learning rate of an update, counted from 0. */
    public double at(long update) {
        if (update < warmupSteps) {
            return initial + (peak - initial) * update / warmupSteps;
        }
        int length = decaySteps - warmupSteps;
        double progress = (double) Math.min(update - warmupSteps, length) / length;
        double cosine = 0.5 * (1 + Math.cos(Math.PI * progress));
        double floor = end / peak;
        return peak * ((1 - floor) * cosine + floor);
    }
}
