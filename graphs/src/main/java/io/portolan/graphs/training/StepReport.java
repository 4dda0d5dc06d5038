package io.portolan.graphs.training;

/**
 * The report of a step of a run.
 *
 * @param epoch number of the epoch, from 0
 * @param images number of samples in the batch
 * @param seconds time since the previous step, including loading
 */
public record StepReport(StepResult result, int epoch, int images, double seconds) {
    public double imagesPerSecond() {
        return images / seconds;
    }
}
