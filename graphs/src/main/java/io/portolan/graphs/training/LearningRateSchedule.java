package io.portolan.graphs.training;

/**
 * A learning rate schedule with linear warm-up and cosine decay, as in optax.
 *
 * @param initial learning rate of the first update
 * @param peak learning rate after the warm-up
 * @param warmupSteps number of updates from initial to peak
 * @param decaySteps number of updates to the end of the decay, including the warm-up
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
     * The schedule that the reference trained its published models with. It subtracts the warm-up from the decay twice,
     * so that the same number of updates at the end stay at the final rate.
     *
     * @throws IllegalArgumentException unless there are more updates than two warm-ups
     */
    public static LearningRateSchedule reference(double peak, int warmup, int totalSteps) {
        return new LearningRateSchedule(0, peak, warmup, totalSteps - warmup, END * peak);
    }

    /**
     * Like {@link #reference}, but with the decay over all updates after the warm-up, and a shorter warm-up for short
     * runs.
     */
    public static LearningRateSchedule corrected(double peak, int warmup, int totalSteps) {
        return new LearningRateSchedule(0, peak, Math.min(warmup, totalSteps - 1), totalSteps, END * peak);
    }

    /** A constant rate after the warm-up. */
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
