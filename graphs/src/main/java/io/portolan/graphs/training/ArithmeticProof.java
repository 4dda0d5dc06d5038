package io.portolan.graphs.training;

import io.portolan.graphs.data.Batch;
import io.portolan.graphs.ops.Precision;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A check of a session's precision and device on one batch. Its logits and gradients are compared with those computed
 * in float32 on the CPU, with operands and results rounded to bfloat16 if the session rounds them.
 *
 * <p>A native library may compute silently wrong results on one kind of processor: oneDNN in TensorFlow 2.18 does so
 * for bfloat16 convolutions with an odd number of channels. Each run therefore checks its arithmetic on the machine
 * that it runs on.
 *
 * @param distance relative distance of all parameter gradients from those of float32
 * @param rounding the relative distance that rounding to bfloat16 alone explains
 */
public record ArithmeticProof(double distance, double rounding) {
    /**
     * A sum in another order may round a product's result to the adjacent bfloat16. Measured on ten models: logits
     * equal, gradients within 0.1 of the change made by rounding, those of single biases within 2⁻⁷ of their norm. A
     * wrong op changes its consumers' values by about their own norm.
     */
    private static final double SHARE_OF_ROUNDING = 0.5;

    private static final double SHARE_OF_NORM = 0x1p-6;

    /**
     * Gradients that are zero up to rounding, such as that of a bias before batch norm, are compared relative to the
     * norm of all gradients.
     */
    private static final double SHARE_OF_WHOLE = 0x1p-9;

    /**
     * Computes the loss and its gradients three times, without changing the session.
     *
     * @throws TrainingException if they differ by more than rounding; the message names the tensor and the difference
     */
    static ArithmeticProof of(TrainingSession session, Batch batch) {
        LossGradients single = onProcessor(session, Precision.SINGLE, batch);
        LossGradients rounded = onProcessor(session, Precision.ROUNDED, batch);
        LossGradients expected = session.precision() == Precision.MIXED ? rounded : single;
        return compare(
                describe(session), session.differentiate(batch.images(), batch.labels()), expected, single, rounded);
    }

    /**
     * @param choice name of the precision or device under test, for messages
     * @param expected the expected result
     * @throws TrainingException if the results differ by more than rounding
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
            // Also refuses NaN.
            if (!(difference <= allowed)) {
                throw new TrainingException(String.format(
                        Locale.ROOT,
                        "%s computes wrong results on this machine: %s is off by %.1e, but rounding explains only %.1e and its"
                                + " norm is %.1e. The fault is in TensorFlow's native library; train in float32 on the processor",
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
