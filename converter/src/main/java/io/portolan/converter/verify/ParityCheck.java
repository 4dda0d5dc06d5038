package io.portolan.converter.verify;

import io.portolan.graphs.model.ModelGraph;
import io.portolan.runtime.FloatTensor;
import io.portolan.runtime.OnnxModel;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * Runs a model in TensorFlow and its export in ONNX Runtime side by side.
 *
 * <p>How close they can come depends on the weights: a trained model may turn the last bit of its input into a hundred
 * of them in its logits. So the check measures that too, and where it is larger, it sets the tolerance.
 */
public final class ParityCheck {
    /** Numbers of input that go through the models at once: a scan in log space takes some hundred times as much memory. */
    private static final int CHUNK = 200_000;

    /** Every op rounds, while the noise is measured with the input's rounding alone. */
    private static final double ROUNDINGS = 4;

    /** Noise beyond this means that the model is broken, not that any difference is fine. */
    private static final double LARGEST_TOLERANCE = 1e-3;

    private final ModelGraph tensorflow;
    private final OnnxModel onnx;
    private final long[] sampleShape;

    /**
     * @param sampleShape shape of one sample of input
     */
    public ParityCheck(ModelGraph tensorflow, OnnxModel onnx, long[] sampleShape) {
        this.tensorflow = tensorflow;
        this.onnx = onnx;
        this.sampleShape = sampleShape.clone();
    }

    /**
     * Compares the logits on every sample of a set.
     *
     * @param tolerance the largest difference that passes in any case; a few times the model's own noise passes too
     */
    public ParityRow compare(SampleSet set, double tolerance) {
        int sampleSize = tensorflow.sampleSize();
        int chunk = Math.max(1, CHUNK / sampleSize);
        Difference export = new Difference();
        Difference noise = new Difference();
        for (int begin = 0; begin < set.count(); begin += chunk) {
            int end = Math.min(set.count(), begin + chunk);
            float[] input = Arrays.copyOfRange(set.values(), begin * sampleSize, end * sampleSize);
            float[] expected = runTensorFlow(input);
            export.add(expected, runOnnx(input, end - begin), end - begin);
            noise.add(expected, runTensorFlow(lastBitsChanged(input)), end - begin);
        }
        double allowed = Math.max(tolerance, Math.min(LARGEST_TOLERANCE, ROUNDINGS * noise.maxAbsolute));
        return new ParityRow(set.name(), set.count(), export.maxAbsolute, export.maxRelative, noise.maxAbsolute,
                export.sameVerdict, allowed);
    }

    private float[] runTensorFlow(float[] input) {
        return tensorflow.run(input, List.of(ModelGraph.LOGITS)).get(ModelGraph.LOGITS);
    }

    private float[] runOnnx(float[] input, int samples) {
        long[] shape = LongStream.concat(LongStream.of(samples), Arrays.stream(sampleShape)).toArray();
        Map<String, FloatTensor> results = onnx.run(Map.of(ModelGraph.INPUT, new FloatTensor(shape, input)));
        return results.get(ModelGraph.LOGITS).values();
    }

    /** Each number, its lower or its upper neighbour, by chance but always alike. */
    private static float[] lastBitsChanged(float[] input) {
        Random random = new Random(input.length);
        float[] changed = new float[input.length];
        for (int i = 0; i < input.length; i++) {
            changed[i] = switch (random.nextInt(3)) {
                case 0 -> Math.nextDown(input[i]);
                case 1 -> Math.nextUp(input[i]);
                default -> input[i];
            };
        }
        return changed;
    }

    /** How far two sets of logits are apart, sample by sample. */
    private static final class Difference {
        private double maxAbsolute;
        private double maxRelative;
        private int sameVerdict;

        void add(float[] expected, float[] actual, int samples) {
            int classes = expected.length / samples;
            for (int start = 0; start < expected.length; start += classes) {
                double largestLogit = Float.MIN_NORMAL;
                double difference = 0;
                for (int i = start; i < start + classes; i++) {
                    double d = Math.abs((double) expected[i] - actual[i]);
                    difference = Math.max(difference, Double.isNaN(d) ? Double.POSITIVE_INFINITY : d);
                    largestLogit = Math.max(largestLogit, Math.abs(expected[i]));
                }
                maxAbsolute = Math.max(maxAbsolute, difference);
                maxRelative = Math.max(maxRelative, difference / largestLogit);
                sameVerdict += argmax(expected, start, classes) == argmax(actual, start, classes) ? 1 : 0;
            }
        }

        private static int argmax(float[] values, int start, int classes) {
            int largest = start;
            for (int i = start + 1; i < start + classes; i++) {
                largest = values[i] > values[largest] ? i : largest;
            }
            return largest - start;
        }
    }
}
