package io.portolan.graphs.training;

import io.portolan.graphs.data.Batch;
import io.portolan.graphs.ops.Precision;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a session's numbers and device make of one batch, beside what they are to make of it: the loss's logits and gradients,
 * computed in float32 by the processor, with operands and results rounded to bfloat16 where the session's are.
 *
 * <p>A native library may compute wrongly on one kind of processor and say nothing: oneDNN in TensorFlow 2.18 does so for bfloat16
 * convolutions of an odd number of channels. So each run proves its arithmetic on the machine that it runs on.
 *
 * @param distance of all gradients by parameters from those of float32, relative
 * @param rounding the distance that rounding to bfloat16 alone makes, relative
 */
public record ArithmeticProof(double distance, double rounding) {
    /**
     * Sums in another order may round a product's result to the neighbouring bfloat16. Seen on ten models: logits equal, gradients
     * within 0.1 of what rounding moved them, those of single biases within 2⁻⁷ of their norm. A wrong op moves what it feeds by
     * about its own norm.
     */
    private static final double SHARE_OF_ROUNDING = 0.5;

    private static final double SHARE_OF_NORM = 0x1p-6;

    /** A gradient that is zero but for rounding, such as a bias's in front of batch norm, is held to the size of all of them. */
    private static final double SHARE_OF_WHOLE = 0x1p-9;

    /**
     * Computes the loss and its gradients three times and changes nothing.
     *
     * @throws TrainingException if they differ by more than rounding; the message names what does, and by how much
     */
    static ArithmeticProof of(TrainingSession session, Batch batch) {
        LossGradients single = onProcessor(session, Precision.SINGLE, batch);
        LossGradients rounded = onProcessor(session, Precision.ROUNDED, batch);
        LossGradients expected = session.precision() == Precision.MIXED ? rounded : single;
        return compare(
                describe(session), session.differentiate(batch.images(), batch.labels()), expected, single, rounded);
    }

    /**
     * @param choice what is on trial, in words
     * @param expected what it is to compute
     * @throws TrainingException if it does not
     */
    static ArithmeticProof compare(
            String choice, LossGradients actual, LossGradients expected, LossGradients single, LossGradients rounded) {
        Map<String, float[]> actuals = vectors(actual);
        Map<String, float[]> expectations = vectors(expected);
        Map<String, float[]> singles = vectors(single);
        Map<String, float[]> roundeds = vectors(rounded);
        double whole = distance(single.parameters(), Map.of());
        singles.forEach((name, values) -> {
            double norm = norm(values, null);
            double allowed = SHARE_OF_ROUNDING * norm(roundeds.get(name), values)
                    + SHARE_OF_NORM * norm
                    + SHARE_OF_WHOLE * whole;
            double difference = norm(actuals.get(name), expectations.get(name));
            // Also refuses what is not a number.
            if (!(difference <= allowed)) {
                throw new TrainingException(String.format(
                        Locale.ROOT,
                        "%s would train on wrong numbers on this machine: %s is off by %.1e where rounding explains %.1e and its norm"
                                + " is %.1e. The fault is in TensorFlow's native library; train in float32 on the processor",
                        choice,
                        name,
                        difference,
                        allowed,
                        norm));
            }
        });
        return new ArithmeticProof(
                distance(actual.parameters(), single.parameters()) / whole,
                distance(rounded.parameters(), single.parameters()) / whole);
    }

    private static String describe(TrainingSession session) {
        return session.precision() == Precision.MIXED
                ? "mixed precision"
                : "the device '" + session.device().label() + "'";
    }

    private static LossGradients onProcessor(TrainingSession session, Precision precision, Batch batch) {
        try (TrainingSession reference = session.onProcessor(precision)) {
            return reference.differentiate(batch.images(), batch.labels());
        }
    }

    private static Map<String, float[]> vectors(LossGradients of) {
        Map<String, float[]> vectors = new LinkedHashMap<>();
        vectors.put("logits", of.logits());
        vectors.put("gradient by the input", of.input());
        of.parameters().forEach((path, gradient) -> vectors.put("gradient by " + path, gradient));
        return vectors;
    }

    private static double distance(Map<String, float[]> one, Map<String, float[]> other) {
        return Math.sqrt(one.entrySet().stream()
                .mapToDouble(vector -> norm(vector.getValue(), other.get(vector.getKey())))
                .map(norm -> norm * norm)
                .sum());
    }

    /** Euclidean distance from another vector, or from zero. */
    private static double norm(float[] values, float[] from) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            double difference = values[i] - (from == null ? 0.0 : from[i]);
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }
}
