package io.portolan.graphs.training;

/**
 * AdamW behind a clip of the global norm, as the reference chains them. Weight decay is decoupled and concerns every
 * array.
 *
 * @param schedule learning rate by number of applied updates
 * @param clipNorm largest global norm of the gradients
 * @param weightDecay λ
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment
 * @param labelSmoothing share of the probability that is spread over all classes
 */
public record OptimizerConfig(
        LearningRateSchedule schedule,
        double clipNorm,
        double weightDecay,
        double beta1,
        double beta2,
        double epsilon,
        double labelSmoothing) {

    /** The reference's settings: clip 1, β 0.9 and 0.999, ε 1e-8, no label smoothing. */
    public static OptimizerConfig reference(LearningRateSchedule schedule, double weightDecay) {
        return new OptimizerConfig(schedule, 1, weightDecay, 0.9, 0.999, 1e-8, 0);
    }
}
