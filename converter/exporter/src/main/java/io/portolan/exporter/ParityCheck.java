package io.portolan.exporter;

import io.portolan.converter.verify.Allowance;
import io.portolan.converter.verify.Difference;
import io.portolan.converter.verify.LastBits;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.runtime.ImageClassifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Compares other forms of a model with the TensorFlow graph that follows the reference step by step.
 *
 * <p>How closely they can agree depends on the weights: a trained model may amplify a change in the last bit of its input
 * a hundredfold in its logits. The check measures that too, and raises the tolerance to it where it is larger.
 */
public final class ParityCheck {
    /** Computes the logits of samples. */
    @FunctionalInterface
    public interface Logits {
        /**
         * @param samples normalised, row-major
         * @param count number of samples
         * @return (count, classes)
         */
        float[][] of(float[] samples, int count);
    }

    /**
     * A form of the model to compare with the reference.
     *
     * @param name its name in reports
     * @param tolerance the largest difference of two logits that always passes; a few times the model's own noise
     *     passes too
     */
    public record Candidate(String name, Logits logits, double tolerance) {
        /** A TensorFlow graph. */
        public static Candidate of(String name, ModelGraph graph, double tolerance) {
            return new Candidate(name, (samples, count) -> run(graph, samples, count), tolerance);
        }

        /** An exported model. */
        public static Candidate of(String name, ImageClassifier model, double tolerance) {
            return new Candidate(name, model::logits, tolerance);
        }
    }

    /** Input elements per run of the models: a scan in log space takes some hundred times as much memory. */
    private static final int CHUNK = 200_000;

    /** Differences of logits are absolute. */
    private static final double SCALE = 1;

    private final ModelGraph reference;
    private final List<Candidate> candidates;

    public ParityCheck(ModelGraph reference, List<Candidate> candidates) {
        this.reference = reference;
        this.candidates = List.copyOf(candidates);
    }

    /** Compares the logits of every candidate on every sample of a set, and returns a row for each candidate. */
    public List<ParityRow> compare(SampleSet set) {
        int sampleSize = reference.sampleSize();
        int chunk = Math.max(1, CHUNK / sampleSize);
        List<LogitDifference> differences =
                candidates.stream().map(candidate -> new LogitDifference()).toList();
        LogitDifference noise = new LogitDifference();
        for (int begin = 0; begin < set.count(); begin += chunk) {
            int count = Math.min(set.count(), begin + chunk) - begin;
            float[] input = Arrays.copyOfRange(set.values(), begin * sampleSize, (begin + count) * sampleSize);
            float[][] expected = run(reference, input, count);
            for (int i = 0; i < candidates.size(); i++) {
                differences.get(i).add(expected, candidates.get(i).logits().of(input, count));
            }
            noise.add(expected, run(reference, LastBits.changed(input), count));
        }
        List<ParityRow> rows = new ArrayList<>();
        for (int i = 0; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            LogitDifference difference = differences.get(i);
            double allowed = Allowance.of(candidate.tolerance(), noise.maxAbsolute, SCALE);
            rows.add(new ParityRow(
                    candidate.name(),
                    set.name(),
                    set.count(),
                    difference.maxAbsolute,
                    difference.maxRelative,
                    noise.maxAbsolute,
                    difference.sameVerdict,
                    allowed));
        }
        return rows;
    }

    private static float[][] run(ModelGraph graph, float[] samples, int count) {
        float[] flat = graph.run(samples, List.of(ModelGraph.LOGITS)).get(ModelGraph.LOGITS);
        int classes = flat.length / count;
        float[][] rows = new float[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = Arrays.copyOfRange(flat, i * classes, (i + 1) * classes);
        }
        return rows;
    }

    /** The difference of two models' logits, accumulated over all samples. */
    private static final class LogitDifference {
        private double maxAbsolute;
        private double maxRelative;
        private int sameVerdict;

        void add(float[][] expected, float[][] actual) {
            for (int sample = 0; sample < expected.length; sample++) {
                Difference difference = Difference.between(expected[sample], actual[sample]);
                // Where the reference gives no numbers, nothing agrees with it.
                boolean comparable = difference.finite();
                maxAbsolute = Math.max(maxAbsolute, comparable ? difference.largest() : Double.POSITIVE_INFINITY);
                maxRelative = Math.max(maxRelative, comparable ? difference.relative() : Double.POSITIVE_INFINITY);
                sameVerdict += difference.sameArgmax();
            }
        }
    }
}
