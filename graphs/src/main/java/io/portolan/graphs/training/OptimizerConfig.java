package io.portolan.graphs.training;

/**
 * The settings of AdamW after clipping by the global norm, as in the reference. Weight decay is decoupled and applies
 * to every array.
 *
 * @param schedule learning rate by number of applied updates
 * @param clipNorm largest global norm of the gradients, to which they are clipped
 * @param weightDecay λ
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment
 * @param labelSmoothing share of the probability that is spread over all classes
 * @param averaging decay of the moving average of the parameters; 0 for no average
 */
public record OptimizerConfig(
        LearningRateSchedule schedule,
        double clipNorm,
        double weightDecay,
        double beta1,
        double beta2,
        double epsilon,
        double labelSmoothing,
        double averaging) {

    /** @throws IllegalArgumentException if a number is out of its range; the message says which */
    public OptimizerConfig {
        require("the clip norm", clipNorm, clipNorm > 0, "a positive number");
        require("weight decay", weightDecay, weightDecay >= 0, "0 or more");
        require("beta1", beta1, beta1 >= 0 && beta1 < 1, "0 or more, and less than 1");
        require("beta2", beta2, beta2 >= 0 && beta2 < 1, "0 or more, and less than 1");
        require("epsilon", epsilon, epsilon > 0, "a positive number");
        require(
                "label smoothing",
                labelSmoothing,
                labelSmoothing >= 0 && labelSmoothing < 1,
                "0 or more, and less than 1");
        require("the decay of the average", averaging, averaging >= 0 && averaging < 1, "0 or more, and less than 1");
    }

    /** The reference's settings: clip 1, β 0.9 and 0.999, ε 1e-8, no label smoothing, no average. */
    public static OptimizerConfig reference(LearningRateSchedule schedule, double weightDecay) {
        return new OptimizerConfig(schedule, 1, weightDecay, 0.9, 0.999, 1e-8, 0, 0);
    }

    private static void require(String what, double value, boolean holds, String expectation) {
        if (!holds) {
            throw new IllegalArgumentException(what + " is " + value + "; expected " + expectation);
        }
    }
}
