package io.portolan.graphs.training;

/**
 * A step of a run.
 *
 * @param epoch counted from 0
 * @param images samples in the batch
 * @param seconds since the step before, loading included
 */
public record StepReport(StepResult result, int epoch, int images, double seconds) {
    public double imagesPerSecond() {
        return images / seconds;
    }
}
