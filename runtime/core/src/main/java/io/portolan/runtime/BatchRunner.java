package io.portolan.runtime;

import io.portolan.images.Shapes;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs a classifier on any number of samples, in batches. A batch is in memory only while it runs: one at a time, or
 * one per thread of a model that was loaded for throughput.
 */
final class BatchRunner implements AutoCloseable {
    private final OnnxModel model;
    private final ImageTask task;
    private final BatchSize size;
    private final CallPool calls;

    /** The source of the samples; threads may request different samples at the same time. */
    @FunctionalInterface
    interface Source {
        /** Appends all values of one sample. */
        void put(int sample, FloatBuffer target);
    }

    /**
     * @param task the model's task
     * @param preferredBatch batch size if the model leaves it open
     * @throws IllegalArgumentException if a batch would exceed 2 GB
     */
    BatchRunner(OnnxModel model, ImageTask task, int preferredBatch) {
        this.model = model;
        this.task = task;
        this.size = BatchSize.of(model.inputs().values().iterator().next(), preferredBatch);
        Tensor.bytes(
                ElementType.FLOAT,
                Shapes.prepend(size.rows(), task.metadata().input().sampleShape()));
        this.calls = new CallPool(model.options().concurrentCalls());
    }

    /**
     * Runs the model; the caller must hold its guard.
     *
     * @param samples {@code count} samples, row-major
     * @return (count, classes)
     * @throws IllegalArgumentException if there are not {@code count} samples
     */
    float[][] run(float[] samples, int count) {
        int sampleSize = task.sampleSize();
        if (count < 0 || samples.length != (long) count * sampleSize) {
            throw new IllegalArgumentException(count + " samples of shape "
                    + Shapes.text(task.metadata().input().sampleShape()) + " are " + (long) count * sampleSize
                    + " values, not " + samples.length);
        }
        return run((sample, target) -> target.put(samples, sample * sampleSize, sampleSize), count);
    }

    /**
     * Runs the model; the caller must hold its guard.
     *
     * @return (count, classes)
     */
    float[][] run(Source samples, int count) {
        float[][] logits = new float[count][];
        Stream<BatchSize.Run> runs = size.atMost(calls.share(count)).runs(count);
        calls.runAll(runs.<Runnable>map(run -> () -> run(samples, run, logits)).toList());
        return logits;
    }

    private void run(Source samples, BatchSize.Run run, float[][] logits) {
        Map<String, Tensor> feeds = task.batch(run.rows(), values -> {
            for (int sample = (int) run.first(); sample < run.last(); sample++) {
                samples.put(sample, values);
            }
        });
        float[][] answers = task.logits(model.runWhileHeld(feeds, Long.MAX_VALUE), run.rows());
        System.arraycopy(answers, 0, logits, (int) run.first(), run.samples());
    }

    @Override
    public void close() {
        calls.close();
    }
}
