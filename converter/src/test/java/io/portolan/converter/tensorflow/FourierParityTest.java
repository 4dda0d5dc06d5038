package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.normal;
import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.ir.FourierOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.onnx.OnnxWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Output;

class FourierParityTest {
    /** Relative to the norm of the result: the rounding of the matrices' entries and of float32 sums of up to 112. */
    private static final double FLOAT_TRANSFORM = 5e-7;

    private static final int[][] SIZES =
            {{1, 1}, {1, 2}, {2, 1}, {2, 2}, {7, 7}, {8, 8}, {6, 10}, {9, 9}, {14, 14}, {56, 56}};

    @ParameterizedTest
    @MethodSource("cases")
    void onnxComputesWhatTensorFlowDoes(ParityCase parity) {
        TensorFlowParity.check(parity);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 2", "2, 1", "2, 2", "7, 7", "8, 8", "6, 10", "9, 9", "14, 14", "56, 56"})
    void transformsAreAccurateToFloatRounding(int height, int width) {
        int columns = (int) FourierOp.columns(width);
        Random random = new Random(height * 100L + width);
        TensorData x = normal(height, width).sample(random, 1);
        List<double[]> spectrum = ReferenceDft.forward(x.doubles(), height, width);
        List<TensorData> parts = convertAndRun(forward(height, width), List.of(x));
        assertThat(relativeError(parts.get(0).doubles(), spectrum.get(0), spectrum)).isLessThan(FLOAT_TRANSFORM);
        assertThat(relativeError(parts.get(1).doubles(), spectrum.get(1), spectrum)).isLessThan(FLOAT_TRANSFORM);

        // Independent parts: no symmetry, and imaginary parts where a real signal has none.
        TensorData re = normal(height, columns).sample(random, 1);
        TensorData im = normal(height, columns).sample(random, 1);
        double[] points = ReferenceDft.inverse(re.doubles(), im.doubles(), height, width);
        double[] actual = convertAndRun(inverse(height, width), List.of(re, im)).get(0).doubles();
        assertThat(relativeError(actual, points, List.of(points))).isLessThan(FLOAT_TRANSFORM);
    }

    static Stream<ParityCase> cases() {
        return Stream.of(
                Stream.of(SIZES).map(size -> forward(size[0], size[1])),
                Stream.of(SIZES).map(size -> inverse(size[0], size[1])),
                Stream.of(
                        forward("RFFT2D cut to fft_length", "RFFT2D", new int[] {6, 5}, -1, 2, 8, 9),
                        forward("RFFT", "RFFT", new int[] {9}, -1, 2, 9),
                        forward("RFFT of a vector", "RFFT", new int[] {8}, 8),
                        inverse("IRFFT2D cut to fft_length", "IRFFT2D", new int[] {6, 5}, -1, 2, 8, 9),
                        inverse("IRFFT", "IRFFT", new int[] {9}, -1, 2, 5),
                        inverse("IRFFT of a vector", "IRFFT", new int[] {8}, 5),
                        convolution())).flatMap(cases -> cases);
    }

    private static ParityCase forward(int height, int width) {
        return forward("RFFT2D of " + height + "x" + width, "RFFT2D", new int[] {height, width}, -1, 2, height, width);
    }

    private static ParityCase inverse(int height, int width) {
        return inverse("IRFFT2D to " + height + "x" + width, "IRFFT2D", new int[] {height, width}, -1, 2, height,
                FourierOp.columns(width));
    }

    private static ParityCase forward(String name, String op, int[] length, long... shape) {
        return new ParityCase(name, List.of(normal(shape)), 3e-5, (tf, inputs) -> {
            Output<?> spectrum = tf.op(op, inputs.get(0), tf.ints(length));
            return List.of(tf.op("Real", spectrum), tf.op("Imag", spectrum));
        });
    }

    private static ParityCase inverse(String name, String op, int[] length, long... shape) {
        return new ParityCase(name, List.of(normal(shape), normal(shape)), 2e-6, (tf, inputs) -> List.of(
                tf.op(op, tf.op("Complex", inputs.get(0), inputs.get(1)), tf.ints(length))));
    }

    /** What these models do: transform, multiply by a kernel's spectrum, transform back. */
    private static ParityCase convolution() {
        return new ParityCase("circular convolution", List.of(normal(-1, 3, 7, 7)), 1e-5, (tf, inputs) -> {
            Output<?> kernel = tf.op("RFFT2D", tf.weights(3, 7, 7), tf.ints(7, 7));
            Output<?> product = tf.op("Mul", tf.op("RFFT2D", inputs.get(0), tf.ints(7, 7)), kernel);
            return List.of(tf.op("IRFFT2D", product, tf.ints(7, 7)));
        });
    }

    private static List<TensorData> convertAndRun(ParityCase parity, List<TensorData> planes) {
        try (Graph graph = new Graph()) {
            List<Output<?>> outputs = parity.build(graph);
            byte[] model = OnnxWriter.write(
                    TensorFlowParity.convert(graph.toGraphDef(), planes.size(), outputs), Map.of()).toByteArray();
            // The graph takes two planes for each example: the same one twice tests both.
            List<TensorData> feeds = planes.stream().map(FourierParityTest::twice).toList();
            return TensorFlowParity.runOnnx(model, feeds).stream().map(FourierParityTest::half).toList();
        }
    }

    private static TensorData twice(TensorData plane) {
        double[] one = plane.doubles();
        double[] two = new double[2 * one.length];
        System.arraycopy(one, 0, two, 0, one.length);
        System.arraycopy(one, 0, two, one.length, one.length);
        return TensorData.ofDoubles(plane.type(), two, 1, 2, plane.shape()[0], plane.shape()[1]);
    }

    private static TensorData half(TensorData planes) {
        double[] one = Arrays.copyOf(planes.doubles(), planes.size() / 2);
        return TensorData.ofDoubles(planes.type(), one, planes.shape()[2], planes.shape()[3]);
    }

    private static double relativeError(double[] actual, double[] expected, List<double[]> all) {
        double error = 0;
        for (int i = 0; i < expected.length; i++) {
            error += (actual[i] - expected[i]) * (actual[i] - expected[i]);
        }
        double size = all.stream().flatMapToDouble(Arrays::stream).map(number -> number * number).sum();
        return Math.sqrt(error / size);
    }
}
