package io.portolan.runtime;

import io.portolan.images.ImageInput;
import io.portolan.images.Shapes;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * A test sample with its reference logits, stored in an exported model and run when the model is loaded. It detects a
 * processor, device or runtime that computes wrong results before the first real prediction, and a file that was
 * changed after its export.
 *
 * @param seed seed of the sample, whose values are standard normal as drawn by {@link Random#nextGaussian()}
 * @param logits the float32 logits that TensorFlow computes with the faithful plan
 * @param tolerance the largest accepted difference of two logits
 */
public record SelfTest(long seed, List<Float> logits, double tolerance) {
    /** Largest number of values in a sample; a larger sample would take too much memory for a test. */
    private static final int LARGEST_SAMPLE = 1 << 26;

    /**
     * @throws IllegalArgumentException if there are no logits, or a number is not finite, or the tolerance is not
     * positive
     */
    public SelfTest {
        logits = List.copyOf(logits);
        if (logits.isEmpty() || !logits.stream().allMatch(Float::isFinite)) {
            throw new IllegalArgumentException("logits must be finite numbers, at least one, not " + logits);
        }
        if (!(tolerance > 0) || Double.isInfinite(tolerance)) {
            throw new IllegalArgumentException("the tolerance must be a positive number, not " + tolerance);
        }
    }

    /** Whether a sample of that size is small enough for a self-test. */
    public static boolean suits(long sampleSize) {
        return sampleSize > 0 && sampleSize <= LARGEST_SAMPLE;
    }

    /** Generates the sample. */
    public static float[] sample(long seed, int size) {
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /**
     * Runs the sample through a model.
     *
     * @param input the form of one sample
     * @throws ModelException if the logits differ, or the model does not have this form
     */
    void require(OnnxModel model, ImageInput input) {
        double difference = difference(answer(model, input.sampleShape()));
        if (!(difference <= tolerance)) {
            throw new ModelException(String.format(
                    Locale.ROOT,
                    "%s: computes other results here than when it was exported: its self-test is off by %.1e, beyond %.1e. Either the"
                            + " file was changed, or this machine's processor, device or ONNX Runtime computes wrong results; export it"
                            + " again, or try another device",
                    model.name(),
                    difference,
                    tolerance));
        }
    }

    private double difference(float[] actual) {
        double largest = 0;
        for (int i = 0; i < actual.length; i++) {
            double difference = Math.abs((double) actual[i] - logits.get(i));
            largest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
        }
        return largest;
    }

    /** The logits of the sample; a fixed batch is padded with zeros. */
    private float[] answer(OnnxModel model, long[] sampleShape) {
        if (model.inputs().size() != 1) {
            throw new ModelException(
                    model.name() + ": has a self-test that does not match its inputs; export the model again");
        }
        Map.Entry<String, TensorSpec> input =
                model.inputs().entrySet().iterator().next();
        long[] shape = Shapes.prepend(
                Math.max(
                        1,
                        input.getValue().shape().length == 0
                                ? 1
                                : input.getValue().shape()[0]),
                sampleShape);
        if (input.getValue().type() != ElementType.FLOAT
                || !input.getValue().fits(shape)
                || !suits(Arrays.stream(shape).reduce(1, Math::multiplyExact))) {
            throw new ModelException(
                    model.name() + ": has a self-test that does not match its inputs; export the model again");
        }
        Tensor feed = Tensor.allocate(ElementType.FLOAT, shape);
        feed.writable().asFloatBuffer().put(sample(seed, Shapes.elements(sampleShape)));
        Tensor answer =
                model.run(Map.of(input.getKey(), feed)).values().iterator().next();
        if (answer.type() != ElementType.FLOAT || answer.size() < logits.size()) {
            throw new ModelException(
                    model.name() + ": has a self-test that does not match its outputs; export the model again");
        }
        return Arrays.copyOf(answer.floats(), logits.size());
    }
}
