package io.portolan.runtime;

import java.util.Arrays;
import java.util.Map;

/**
 * Feeds any number of samples to a model with one input and one output whose first axis is the batch. A model with an
 * open batch axis gets up to the chosen number at a time; a model with a fixed one gets exactly that many, the last
 * batch filled up with zeros whose answers are dropped.
 */
final class BatchRunner {
    private final OnnxModel model;
    private final String input;
    private final String output;
    private final long[] sampleShape;
    private final int sampleSize;
    private final int classes;
    private final int batchSize;
    private final boolean fixedBatch;

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
        long[] inputShape = model.inputs().get(input);
        requireShape("input", inputShape, sampleShape);
        requireShape("output", model.outputs().get(output), classes);
        this.fixedBatch = inputShape[0] > 0;
        this.batchSize = fixedBatch ? Math.toIntExact(inputShape[0]) : preferredBatch;
        this.sampleSize = Shapes.elements(sampleShape);
        Shapes.elements(Shapes.prepend((long) batchSize * Float.BYTES, sampleShape));
    }

    int sampleSize() {
        return sampleSize;
    }

    int batchSize() {
        return batchSize;
    }

    /**
     * @param samples (count, sample), row-major
     * @return (count, classes)
     * @throws IllegalArgumentException if there are not {@code count} samples
     */
    float[][] run(float[] samples, int count) {
        if (count < 0 || samples.length != (long) count * sampleSize) {
            throw new IllegalArgumentException(count + " samples of shape " + Shapes.text(sampleShape) + " are "
                    + (long) count * sampleSize + " values, not " + samples.length);
        }
        float[][] logits = new float[count][];
        for (int start = 0; start < count; start += batchSize) {
            runBatch(samples, start, Math.min(batchSize, count - start), logits);
        }
        return logits;
    }

    private void runBatch(float[] samples, int start, int count, float[][] logits) {
        int rows = fixedBatch ? batchSize : count;
        float[] batch = new float[rows * sampleSize];
        System.arraycopy(samples, start * sampleSize, batch, 0, count * sampleSize);
        FloatTensor feed = new FloatTensor(Shapes.prepend(rows, sampleShape), batch);
        FloatTensor answer = model.run(Map.of(input, feed)).get(output);
        if (!Shapes.fits(answer.shape(), new long[] {rows, classes})) {
            throw new ModelException(model.name() + ": answers " + answer + " to " + rows + " samples; expected "
                    + Shapes.text(rows, classes));
        }
        float[] values = answer.values();
        for (int i = 0; i < count; i++) {
            logits[start + i] = Arrays.copyOfRange(values, i * classes, (i + 1) * classes);
        }
    }

    private static String only(OnnxModel model, String direction, Map<String, long[]> shapes) {
        if (shapes.size() != 1) {
            throw new ModelException(model.name() + ": a classifier has one " + direction + ", not " + shapes.keySet());
        }
        return shapes.keySet().iterator().next();
    }

    private void requireShape(String direction, long[] declared, long... sample) {
        long[] known = declared.clone();
        if (known.length > 0) {
            known[0] = -1;
        }
        if (!Shapes.fits(Shapes.prepend(1, sample), known)) {
            throw new ModelException(model.name() + ": the " + direction + " has shape " + Shapes.text(declared)
                    + ", but the metadata says " + Shapes.text(Shapes.prepend(-1, sample)) + "; export the model again");
        }
    }
}
