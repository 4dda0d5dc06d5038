package io.portolan.graphs.training;

/**
 * The length of a run.
 *
 * @param steps number of steps after which it ends
 * @param evaluateEvery number of epochs between evaluations; there is always one after the last step
 */
public record TrainingPlan(long steps, int evaluateEvery) {
    public TrainingPlan {
        if (steps < 1 || evaluateEvery < 1) {
            throw new IllegalArgumentException("steps and the epochs between evaluations must be positive, not " + steps
                    + " and " + evaluateEvery);
        }
    }
}
