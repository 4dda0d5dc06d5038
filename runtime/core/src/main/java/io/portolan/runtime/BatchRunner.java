package io.portolan.runtime;

import io.portolan.images.Shapes;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Feeds any number of samples to a model with one input and one output whose first axis is the batch. A model with an
 * open batch axis gets up to the chosen number at a time; a model with a fixed one gets exactly that many, the last
 * batch filled up with zeros whose answers are dropped. Batches are in memory only while they run: one, or one for each
 * thread of a model that was loaded for throughput.
 */
final class BatchRunner implements AutoCloseable {
    private final OnnxModel model;
    private final String input;
    private final String output;
    private final long[] sampleShape;
    private final int sampleSize;
    private final int classes;
    private final int batchSize;
    private final boolean fixedBatch;
    private final CallPool calls;

    /** Where samples come from. Threads may ask for different ones at the same time. */
    @FunctionalInterface
    interface Source {
        /** Appends all values of one sample. */
        void put(int sample, FloatBuffer target);
    }

    /**
     * @param sampleShape of one sample, without the batch axis
     * @param classes logits for each sample
     * @param preferredBatch samples at a time where the model leaves it open
     * @throws ModelException if the model's input or output is not so
     */
    BatchRunner(OnnxModel model, long[] sampleShape, int classes, int preferredBatch) {
        this.model = model;
        this.sampleShape = sampleShape;
        this.classes = classes;
        this.input = only(model, "input", model.inputs());
        this.output = only(model, "output", model.outputs());
        TensorSpec inputSpec = model.inputs().get(input);
        requireShape("input", inputSpec, sampleShape);
        requireShape("output", model.outputs().get(output), classes);
        long[] inputShape = inputSpec.shape();
        this.fixedBatch = inputShape.length > 0 && inputShape[0] > 0;
        this.batchSize = fixedBatch ? Math.toIntExact(inputShape[0]) : preferredBatch;
        this.sampleSize = Shapes.elements(sampleShape);
        Shapes.elements(Shapes.prepend((long) batchSize * Float.BYTES, sampleShape));
        this.calls = new CallPool(model.options().callsAtATime());
    }

    int sampleSize() {
        return sampleSize;
    }

    /**
     * The caller holds the model's guard.
     *
     * @param samples {@code count} samples, row-major
     * @return (count, classes)
     * @throws IllegalArgumentException if there are not {@code count} samples
     */
    float[][] run(float[] samples, int count) {
        if (count < 0 || samples.length != (long) count * sampleSize) {
            throw new IllegalArgumentException(count + " samples of shape " + Shapes.text(sampleShape) + " are "
                    + (long) count * sampleSize + " values, not " + samples.length);
        }
        return run((sample, target) -> target.put(samples, sample * sampleSize, sampleSize), count);
    }

    /**
     * The caller holds the model's guard.
     *
     * @return (count, classes)
     */
    float[][] run(Source samples, int count) {
        float[][] logits = new float[count][];
        int rows = fixedBatch ? batchSize : Math.max(1, Math.min(batchSize, calls.share(count)));
        List<Runnable> batches = new ArrayList<>();
        for (int start = 0; start < count; start += rows) {
            int first = start;
            int last = Math.min(start + rows, count);
            batches.add(() -> runBatch(samples, first, last, logits));
        }
        calls.runAll(batches);
        return logits;
    }

    @Override
    public void close() {
        calls.close();
    }

    private void runBatch(Source samples, int first, int last, float[][] logits) {
        int rows = fixedBatch ? batchSize : last - first;
        Tensor feed = Tensor.allocate(ElementType.FLOAT, Shapes.prepend(rows, sampleShape));
        FloatBuffer values = feed.writable().asFloatBuffer();
        for (int sample = first; sample < last; sample++) {
            samples.put(sample, values);
        }
        Tensor answer = model.runWhileHeld(Map.of(input, feed), Long.MAX_VALUE).get(output);
        if (!Shapes.fits(answer.shape(), new long[] {rows, classes})) {
            throw new ModelException(model.name() + ": answers " + answer + " to " + rows + " samples; expected "
                    + Shapes.text(rows, classes));
        }
        float[] answers = answer.floats();
        for (int row = 0; row < last - first; row++) {
            logits[first + row] = Arrays.copyOfRange(answers, row * classes, (row + 1) * classes);
        }
    }

    private static String only(OnnxModel model, String direction, Map<String, TensorSpec> specs) {
        if (specs.size() != 1) {
            throw new ModelException(model.name() + ": a classifier has one " + direction + ", not " + specs.keySet());
        }
        return specs.keySet().iterator().next();
    }

    private void requireShape(String direction, TensorSpec declared, long... sample) {
        long rows = declared.shape().length == 0 ? 1 : Math.max(1, declared.shape()[0]);
        if (declared.type() != ElementType.FLOAT || !declared.fits(Shapes.prepend(rows, sample))) {
            throw new ModelException(model.name() + ": the " + direction + " is " + declared + ", but the metadata says "
                    + new TensorSpec(ElementType.FLOAT, Shapes.prepend(-1, sample)) + "; export the model again");
        }
    }
}
