package io.portolan.graphs.training;

/**
 * How long a run is.
 *
 * @param steps after which it ends
 * @param evaluateEvery epochs from one evaluation to the next; the last step is followed by one in any case
 */
public record TrainingPlan(long steps, int evaluateEvery) {
    public TrainingPlan {
        if (steps < 1 || evaluateEvery < 1) {
            throw new IllegalArgumentException("steps and the epochs between evaluations must be positive, not " + steps
                    + " and " + evaluateEvery);
        }
    }
}
