package io.portolan.runtime;

import io.portolan.images.ImageInput;
import io.portolan.images.Shapes;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * A sample, and the logits that the reference makes of it. An exported model carries it, and runs it where it is loaded: a processor, a
 * device or a runtime that computes wrongly is found out before its first answer, and so is a file that was changed since its export.
 *
 * @param seed of the sample: numbers from the standard normal distribution, as {@link Random#nextGaussian()} draws them
 * @param logits in float32, of TensorFlow's step for step computation
 * @param tolerance the largest difference of two logits that passes
 */
public record SelfTest(long seed, List<Float> logits, double tolerance) {
    /** Numbers in a sample; a larger one would cost too much memory for a test. */
    private static final int LARGEST_SAMPLE = 1 << 26;

    /** @throws IllegalArgumentException if there are no logits, or a number is not finite, or the tolerance is not positive */
    public SelfTest {
        logits = List.copyOf(logits);
        if (logits.isEmpty() || !logits.stream().allMatch(Float::isFinite)) {
            throw new IllegalArgumentException("logits must be finite numbers, at least one, not " + logits);
        }
        if (!(tolerance > 0) || Double.isInfinite(tolerance)) {
            throw new IllegalArgumentException("the tolerance must be a positive number, not " + tolerance);
        }
    }

    /** Whether a sample of so many numbers is small enough. */
    public static boolean suits(long sampleSize) {
        return sampleSize > 0 && sampleSize <= LARGEST_SAMPLE;
    }

    /** The sample. */
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
     * @param input what one sample of it is
     * @throws ModelException if the logits are others, or the model is not of this form
     */
    void require(OnnxModel model, ImageInput input) {
        double difference = difference(answer(model, input.sampleShape()));
        if (!(difference <= tolerance)) {
            throw new ModelException(String.format(
                    Locale.ROOT,
                    "%s: computes other numbers here than when it was exported: its self-test is off by %.1e, beyond %.1e. Either the"
                            + " file was changed, or this machine's processor, device or ONNX Runtime computes wrongly; export it"
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

    /** The logits of the sample; a fixed batch is filled up with zeros. */
    private float[] answer(OnnxModel model, long[] sampleShape) {
        if (model.inputs().size() != 1) {
            throw new ModelException(
                    model.name() + ": has a self-test that is not of its inputs; export the model again");
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
                    model.name() + ": has a self-test that is not of its inputs; export the model again");
        }
        Tensor feed = Tensor.allocate(ElementType.FLOAT, shape);
        feed.writable().asFloatBuffer().put(sample(seed, Shapes.elements(sampleShape)));
        Tensor answer =
                model.run(Map.of(input.getKey(), feed)).values().iterator().next();
        if (answer.type() != ElementType.FLOAT || answer.size() < logits.size()) {
            throw new ModelException(
                    model.name() + ": has a self-test that is not of its outputs; export the model again");
        }
        return Arrays.copyOf(answer.floats(), logits.size());
    }
}
