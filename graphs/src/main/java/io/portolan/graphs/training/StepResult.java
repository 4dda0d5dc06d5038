package io.portolan.graphs.training;

/**
 * The result of a training step; loss, accuracy and norm are those before the update.
 *
 * @param step number of the step; the first is 1
 * @param gradientNorm global norm of the gradients before clipping
 * @param learningRate learning rate of this update
 * @param applied whether the weights changed; a step with gradients that are not finite is skipped
 */
public record StepResult(
        long step, double loss, double accuracy, double gradientNorm, double learningRate, boolean applied) {

    /** Whether the gradients were finite. */
    public boolean finite() {
        return Double.isFinite(gradientNorm);
    }
}
