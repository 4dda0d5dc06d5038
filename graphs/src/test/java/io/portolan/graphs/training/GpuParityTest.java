package io.portolan.graphs.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.golden.Closeness;
import io.portolan.graphs.golden.GoldenModel;
import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.Fft;
import io.portolan.graphs.ops.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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
 * H100.
 */
@Tag("gpu")
class GpuParityTest {
    private static final double LOGITS = 3e-5;
    private static final double RELATIVE = 7e-5;

    /** Gradients that are zero up to rounding are compared relative to the largest one. */
    private static final double ZERO = 1e-6;

    private static final double ROUNDING_OF_ZERO = 1e-5;

    private static final double FOURIER = 6e-7;
    private static final int MAPS = 3;

    @ParameterizedTest
    @MethodSource("io.portolan.checkpoints.golden.GoldenCase#small")
    void lossAndGradientsAreTheProcessors(GoldenCase golden) {
        LossGradients expected = differentiate(golden, Device.CPU);
        LossGradients actual = differentiate(golden, Device.GPU);

        assertThat(Math.abs(actual.loss() - expected.loss())).as("loss").isLessThan(LOGITS);
        assertThat(Closeness.between(actual.logits(), expected.logits()).maxAbsolute())
                .as("logits")
                .isLessThan(LOGITS);
        assertThat(Closeness.between(actual.input(), expected.input()).relative())
                .as("input")
                .isLessThan(RELATIVE);
        double largest = expected.parameters().values().stream()
                .mapToDouble(GoldenGradientTest::norm)
                .max()
                .orElseThrow();
        expected.parameters().forEach((path, gradient) -> {
            float[] other = actual.parameters().get(path);
            double norm = GoldenGradientTest.norm(gradient);
            if (norm < ZERO * largest) {
                assertThat(GoldenGradientTest.norm(other)).as(path).isLessThan(ROUNDING_OF_ZERO * largest);
            } else {
                assertThat(Closeness.between(other, gradient).relative())
                        .as(path)
                        .isLessThan(RELATIVE);
            }
        });
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

    private static LossGradients differentiate(GoldenCase golden, Device device) {
        OptimizerConfig unused = OptimizerConfig.reference(LearningRateSchedule.constant(1e-3, 0), 0);
        try (TrainingSession session = new TrainingSession(
                golden.checkpoint(), GoldenModel.config(golden), Plan.FUSED, Precision.SINGLE, unused, device)) {
            return session.differentiate(golden.tensor("input").toFloats(), GoldenGradientTest.labels(golden));
        }
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
