package io.portolan.graphs.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.golden.Closeness;
import io.portolan.graphs.golden.GoldenModel;
import io.portolan.graphs.golden.LastBits;
import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.Fft;
import io.portolan.graphs.ops.Precision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * A GPU gives the same results as the CPU, if TF32 is off. The tolerances are three times the differences seen on an
 * H100 in the small models; those of other models may also be what the last bits of the input do.
 */
@Tag("gpu")
class GpuParityTest {
    private static final double LOGITS = 3e-5;
    private static final double RELATIVE = 7e-5;

    /** Gradients that are zero up to rounding are compared relative to the largest one. */
    private static final double ZERO = 1e-6;

    private static final double ROUNDING_OF_ZERO = 1e-5;

    /** Times what the last bits of the input do to a gradient. */
    private static final double ROUNDINGS = 4;

    private static final int DRAWS = 3;

    private static final double FOURIER = 6e-7;
    private static final int MAPS = 3;

    static Stream<GoldenCase> models() {
        return Stream.of(GoldenCase.small(), GoldenCase.baselines(), GoldenCase.family())
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("models")
    void lossAndGradientsAreTheProcessors(GoldenCase golden) {
        float[] input = golden.tensor("input").toFloats();
        Map<String, Double> noise = new HashMap<>();
        try (TrainingSession processor = session(golden, Device.CPU)) {
            LossGradients expected = processor.differentiate(input, labels(golden));
            LossGradients actual = onGpu(golden, input);
            double logits =
                    Closeness.between(actual.logits(), expected.logits()).maxAbsolute();
            Map<String, Double> distances = distances(actual, expected);
            System.out.printf(
                    "%s: loss %.1e, logits %.1e, gradients %s%n",
                    golden.name(), Math.abs(actual.loss() - expected.loss()), logits, largest(distances));

            assertThat(Math.abs(actual.loss() - expected.loss())).as("loss").isLessThan(LOGITS);
            assertThat(logits).as("logits").isLessThan(LOGITS);
            Set<String> zeros = zeros(expected);
            distances.forEach((path, distance) -> {
                // A NaN is not below.
                if (!(distance < (zeros.contains(path) ? ROUNDING_OF_ZERO : RELATIVE))) {
                    if (noise.isEmpty()) {
                        noise.putAll(noise(processor, golden, input, expected));
                    }
                    assertThat(distance).as(path).isLessThan(ROUNDINGS * noise.get(path));
                }
            });
        }
    }

    /** The difference of each gradient relative to its own length; of those that are zero, to the largest. */
    private static Map<String, Double> distances(LossGradients actual, LossGradients expected) {
        Map<String, float[]> others = gradients(actual);
        double largest = largestNorm(expected);
        Set<String> zeros = zeros(expected);
        Map<String, Double> distances = new TreeMap<>();
        gradients(expected).forEach((path, gradient) -> {
            float[] other = others.get(path);
            distances.put(
                    path,
                    zeros.contains(path)
                            ? GoldenGradientTest.norm(other) / largest
                            : Closeness.between(other, gradient).relative());
        });
        return distances;
    }

    /** Those of the parameters by path, and that of the input. */
    private static Map<String, float[]> gradients(LossGradients of) {
        Map<String, float[]> gradients = new HashMap<>(of.parameters());
        gradients.put("input", of.input());
        return gradients;
    }

    /**
     * The gradients that are zero up to rounding: of biases before a batch normalisation, or of the input where the mean of an
     * instance norm is all that is read.
     */
    private static Set<String> zeros(LossGradients expected) {
        double largest = largestNorm(expected);
        return gradients(expected).entrySet().stream()
                .filter(gradient -> GoldenGradientTest.norm(gradient.getValue()) < ZERO * largest)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static double largestNorm(LossGradients expected) {
        return expected.parameters().values().stream()
                .mapToDouble(GoldenGradientTest::norm)
                .max()
                .orElseThrow();
    }

    /** What the last bits of the input do to the gradients on the CPU: those of a maximum go to one or the other of two equal elements. */
    private static Map<String, Double> noise(
            TrainingSession processor, GoldenCase golden, float[] input, LossGradients expected) {
        Map<String, Double> noise = new HashMap<>();
        for (int draw = 0; draw < DRAWS; draw++) {
            LossGradients moved = processor.differentiate(LastBits.moved(input, draw), labels(golden));
            distances(moved, expected).forEach((path, distance) -> noise.merge(path, distance, Math::max));
        }
        return noise;
    }

    private static String largest(Map<String, Double> distances) {
        return distances.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(entry -> "%.1e of %s".formatted(entry.getValue(), entry.getKey()))
                .orElseThrow();
    }

    /** The columns of these spectra are not Hermitian, which kernels may interpret differently. */
    @ParameterizedTest
    @CsvSource({"8,8", "7,7", "8,7", "7,8", "6,10", "16,16", "14,14", "28,28", "56,56", "12,20", "1,8", "8,1"})
    void fourierTransformsAreTheProcessors(int height, int width) {
        List<float[]> expected = transforms(height, width, Device.CPU);
        List<float[]> actual = transforms(height, width, Device.GPU);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(Closeness.between(actual.get(i), expected.get(i)).relative())
                    .isLessThan(FOURIER);
        }
    }

    private static LossGradients onGpu(GoldenCase golden, float[] input) {
        try (TrainingSession session = session(golden, Device.GPU)) {
            return session.differentiate(input, labels(golden));
        }
    }

    private static TrainingSession session(GoldenCase golden, Device device) {
        OptimizerConfig unused = OptimizerConfig.reference(LearningRateSchedule.constant(1e-3, 0), 0);
        return new TrainingSession(
                golden.checkpoint(), GoldenModel.resolved(golden), Plan.FUSED, Precision.SINGLE, unused, device);
    }

    /** The recorded ones; where none were, the two classes in turn. */
    private static int[] labels(GoldenCase golden) {
        return golden.tensors().containsKey("labels")
                ? GoldenGradientTest.labels(golden)
                : IntStream.range(0, Math.toIntExact(golden.tensor("input").shape()[0]))
                        .map(i -> i % 2)
                        .toArray();
    }

    /** The inverse transform of a random half spectrum, and the real part of the spectrum of a random map. */
    private static List<float[]> transforms(int height, int width, Device device) {
        Shape spectrum = Shape.of(MAPS, height, width / 2 + 1);
        Shape map = Shape.of(MAPS, height, width);
        Random random = new Random(1);
        try (Graph graph = new Graph();
                Session session = device.open(graph);
                TFloat32 realPart = noise(random, spectrum);
                TFloat32 imaginaryPart = noise(random, spectrum);
                TFloat32 maps = noise(random, map)) {
            Ops tf = Ops.create(graph);
            Fft fft = new Fft(tf, height, width);
            // Placeholders, because transforms of constants would be folded on the CPU.
            Operand<TFloat32> real = placeholder(tf, spectrum);
            Operand<TFloat32> imaginary = placeholder(tf, spectrum);
            Operand<TFloat32> x = placeholder(tf, map);
            Session.Runner runner = session.runner()
                    .feed(real, realPart)
                    .feed(imaginary, imaginaryPart)
                    .feed(x, maps)
                    .fetch(fft.irfft2(new ComplexTensor(tf, real, imaginary)))
                    .fetch(fft.rfft2(x).real());
            try (Result result = runner.run()) {
                List<float[]> values = new ArrayList<>();
                result.forEach(tensor -> {
                    float[] numbers =
                            new float[Math.toIntExact(tensor.getValue().size())];
                    ((TFloat32) tensor.getValue()).copyTo(DataBuffers.of(numbers, false, false));
                    values.add(numbers);
                });
                return values;
            }
        }
    }

    private static Operand<TFloat32> placeholder(Ops tf, Shape shape) {
        return tf.placeholder(TFloat32.class, Placeholder.shape(shape));
    }

    private static TFloat32 noise(Random random, Shape shape) {
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return TFloat32.tensorOf(shape, DataBuffers.of(values));
    }
}
