package io.portolan.converter.verify;

import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.source.TensorFlowModel;
import io.portolan.converter.tensorflow.ConversionException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Runs any TensorFlow graph and its export side by side on random inputs. */
public final class GraphParity {
    /** Sizes of open dimensions. A batch of one could hide a broadcast that should not be; windows must fit into the others. */
    private static final long BATCH = 2;
    private static final long OTHER_OPEN_SIZE = 32;

    private final TensorFlowModel tensorflow;
    private final Path onnx;
    private final List<Value> inputs;

    /**
     * @param inputs the inputs of the ONNX model, in their order
     */
    public GraphParity(TensorFlowModel tensorflow, Path onnx, List<Value> inputs) {
        this.tensorflow = tensorflow;
        this.onnx = onnx;
        this.inputs = List.copyOf(inputs);
    }

    /**
     * Compares all outputs.
     *
     * @param seed of the random inputs: floats from the standard normal distribution, integers and truth values 0 or 1
     * @param tolerance the largest difference that passes in any case, relative to the largest element of the output
     */
    public List<OutputParity> compare(long seed, double tolerance) {
        List<TensorData> samples = samples(new Random(seed));
        List<TensorData> expected = runTensorFlow(samples);
        List<TensorData> perturbed = runTensorFlow(lastBitsChanged(samples));
        Map<String, TensorData> feeds = new LinkedHashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            feeds.put(inputs.get(i).name(), samples.get(i));
        }
        List<TensorData> actual = Runs.onnx(onnx, feeds);
        List<OutputParity> rows = new ArrayList<>();
        for (String output : tensorflow.outputs().values()) {
            int i = rows.size();
            rows.add(compare(output, expected.get(i), actual.get(i), perturbed.get(i), tolerance));
        }
        return rows;
    }

    private List<TensorData> samples(Random random) {
        List<TensorData> samples = new ArrayList<>();
        for (Value input : inputs) {
            if (!Runs.knows(input.element())) {
                throw new ConversionException("Input " + input + " cannot be given random numbers; convert without the comparison"
                        + " with TensorFlow (--no-verify)");
            }
            List<Dim> dims = input.shape().dims();
            long[] shape = new long[dims.size()];
            Arrays.setAll(shape, axis -> dims.get(axis).size().orElse(axis == 0 ? BATCH : OTHER_OPEN_SIZE));
            double[] elements = new double[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
            Arrays.setAll(elements, i -> input.element().isFloating() ? random.nextGaussian() : random.nextInt(2));
            samples.add(TensorData.ofDoubles(input.element(), elements, shape));
        }
        return samples;
    }

    private List<TensorData> runTensorFlow(List<TensorData> samples) {
        Map<String, TensorData> feeds = new LinkedHashMap<>();
        Iterator<TensorData> next = samples.iterator();
        tensorflow.inputs().keySet().forEach(tensor -> feeds.put(tensor, next.next()));
        try {
            return Runs.tensorFlow(tensorflow.session(), List.copyOf(tensorflow.outputs().keySet()), feeds);
        } catch (RuntimeException failure) {
            // What TensorFlow throws has no class in common.
            throw new ConversionException("TensorFlow cannot run the model on random inputs " + samples
                    + "; give it sizes that fit (--shape), or convert without the comparison (--no-verify): "
                    + failure.getMessage(), failure);
        }
    }

    /** Each number, its lower or its upper neighbour, by chance but always alike. */
    private static List<TensorData> lastBitsChanged(List<TensorData> samples) {
        Random random = new Random(samples.size());
        return samples.stream().map(sample -> {
            double[] elements = sample.doubles();
            Arrays.setAll(elements, i -> neighbour(elements[i], random.nextInt(3) - 1, sample.type()));
            return TensorData.ofDoubles(sample.type(), elements, sample.shape());
        }).toList();
    }

    private static double neighbour(double number, int direction, OnnxType type) {
        return switch (type) {
            case FLOAT -> Math.nextAfter((float) number, direction < 0 ? -1e30 : direction > 0 ? 1e30 : number);
            case DOUBLE -> Math.nextAfter(number, direction < 0 ? -1e30 : direction > 0 ? 1e30 : number);
            default -> number;
        };
    }

    private static OutputParity compare(String output, TensorData expected, TensorData actual, TensorData perturbed, double tolerance) {
        if (!expected.toString().equals(actual.toString())) {
            throw new ConversionException("Output " + output + " is " + actual + " in ONNX Runtime, but " + expected + " in TensorFlow");
        }
        double[] wanted = expected.doubles();
        double[] had = actual.doubles();
        double difference = difference(wanted, had);
        double noise = difference(wanted, perturbed.doubles());
        double largest = Arrays.stream(wanted).map(Math::abs).filter(Double::isFinite).max().orElse(0);
        long[] shape = expected.shape();
        int columns = shape.length == 0 ? 1 : Math.max(1, (int) shape[shape.length - 1]);
        int same = 0;
        for (int start = 0; start + columns <= wanted.length; start += columns) {
            same += argmax(wanted, start, columns) == argmax(had, start, columns) ? 1 : 0;
        }
        double allowed = expected.type().isFloating() ? Allowance.of(tolerance, noise, largest) : noise;
        return new OutputParity(output, expected.toString(), difference,
                difference == 0 ? 0 : difference / Math.max(largest, Float.MIN_NORMAL), noise, wanted.length / columns, same, allowed);
    }

    private static double difference(double[] wanted, double[] had) {
        double largest = 0;
        for (int i = 0; i < wanted.length; i++) {
            boolean same = Double.compare(wanted[i], had[i]) == 0 || wanted[i] == had[i];
            double d = same ? 0 : Math.abs(wanted[i] - had[i]);
            largest = Math.max(largest, Double.isNaN(d) ? Double.POSITIVE_INFINITY : d);
        }
        return largest;
    }

    private static int argmax(double[] values, int start, int count) {
        int largest = start;
        for (int i = start + 1; i < start + count; i++) {
            largest = values[i] > values[largest] ? i : largest;
        }
        return largest - start;
    }
}
