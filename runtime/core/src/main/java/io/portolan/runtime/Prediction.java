package io.portolan.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A classifier's prediction for one image.
 *
 * @param source the image's path, or its position among the given images
 * @param classIndex the class with the largest logit; the first one of equal logits
 * @param label the label of that class
 * @param logits the model's logits, one for each class
 * @param probabilities softmax of the logits, computed in double
 */
public record Prediction(String source, int classIndex, String label, List<Float> logits, List<Double> probabilities) {
    public Prediction {
        logits = List.copyOf(logits);
        probabilities = List.copyOf(probabilities);
    }

    /** Probability of the predicted class, between 0 and 1. */
    public double confidence() {
        return probabilities.get(classIndex);
    }

    /** All fields by their names in JSON, in a fixed order. */
    public Map<String, Object> toMap() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("source", source);
        fields.put("label", label);
        fields.put("class", classIndex);
        fields.put("confidence", confidence());
        fields.put("probabilities", probabilities);
        fields.put("logits", logits);
        return fields;
    }

    /**
     * Returns the prediction for logits.
     *
     * @param labels one for each logit
     * @throws IllegalArgumentException if there are no logits, or their number differs from that of the labels
     * @throws ModelException if a logit is not finite
     */
    public static Prediction of(String source, float[] logits, List<String> labels) {
        if (logits.length == 0 || logits.length != labels.size()) {
            throw new IllegalArgumentException(
                    source + ": " + labels.size() + " labels need the same number of logits, not " + logits.length);
        }
        List<Float> values = new ArrayList<>(logits.length);
        int largest = 0;
        for (int i = 0; i < logits.length; i++) {
            if (!Float.isFinite(logits[i])) {
                throw new ModelException(source + ": the model answers " + logits[i] + " for class '" + labels.get(i)
                        + "'; check the weights that it was exported from");
            }
            values.add(logits[i]);
            largest = logits[i] > logits[largest] ? i : largest;
        }
        return new Prediction(source, largest, labels.get(largest), values, softmax(values, logits[largest]));
    }

    private static List<Double> softmax(List<Float> logits, double largest) {
        // With the largest logit subtracted, no exponential overflows and one of them is 1.
        List<Double> weights =
                logits.stream().map(logit -> Math.exp(logit - largest)).toList();
        double total = weights.stream().mapToDouble(Double::doubleValue).sum();
        return weights.stream().map(weight -> weight / total).toList();
    }
}
