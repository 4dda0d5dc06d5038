package io.portolan.converter.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.ConversionOptions;
import io.portolan.converter.ConversionReport;
import io.portolan.converter.TensorFlowConverter;
import io.portolan.converter.source.TensorFlowModel;
import io.portolan.converter.tensorflow.RecurrentNetworks.Size;
import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.RuntimeOptions;
import io.portolan.runtime.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Converts networks of published sizes twice and times their files, and prints the rows of the table in {@code docs/tf2onnx.md}. */
@Tag("slow")
class NetworkSpeedTest {
    private static final int ROUNDS = 21;

    /** More nodes than these would be a step back. */
    private static final Map<String, Integer> MOST_NODES =
            Map.of("ResNet50V2", 161, "LSTM of 128 units", 7, "GRU of 64 units", 7);

    @TempDir
    private Path folder;

    static Stream<Arguments> networks() {
        return Stream.of(
                network("ResNet50V2", Networks::resNet50V2, 1, 224, 224, 3),
                network("LSTM of 128 units", () -> RecurrentNetworks.lstm(new Size(40, 128)), 1, 200, 40),
                network("GRU of 64 units", () -> RecurrentNetworks.gru(new Size(40, 64)), 1, 200, 40),
                network("mobile", Networks::mobile, 1, 32, 32, 3),
                network("densely connected", Networks::denselyConnected, 1, 16, 16, 3));
    }

    private static Arguments network(String name, Supplier<Network> network, long... shape) {
        return Arguments.of(name, network, shape);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void networksAreConvertedToLeanFiles(String name, Supplier<Network> network, long[] shape) throws Exception {
        try (Network net = network.get();
                TensorFlowModel model = net.model()) {
            convert(model, "first.onnx", true);
            long start = System.nanoTime();
            Path file = folder.resolve("second.onnx");
            ConversionReport report = convert(model, "second.onnx", false);
            double seconds = (System.nanoTime() - start) / 1e9;
            int nodes = report.operators().values().stream()
                    .mapToInt(Integer::intValue)
                    .sum();
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %d | %d | %.2f | %.3f |%n",
                    name,
                    Arrays.toString(shape),
                    model.graph().getNodeCount(),
                    nodes,
                    seconds,
                    milliseconds(file, shape));
            assertThat(nodes).isLessThanOrEqualTo(MOST_NODES.getOrDefault(name, Integer.MAX_VALUE));
            assertThat(report.checked()).contains("accepted by the ONNX checker");
        }
    }

    private ConversionReport convert(TensorFlowModel model, String file, boolean isCompared) throws Exception {
        ConversionOptions every = ConversionOptions.defaults();
        return new TensorFlowConverter()
                .convert(
                        model,
                        folder.resolve(file),
                        new ConversionOptions(
                                every.export(),
                                every.replace(),
                                every.externalData(),
                                isCompared,
                                every.samples(),
                                every.tolerance()));
    }

    /** The median time of a run with one thread. */
    private static double milliseconds(Path file, long[] shape) {
        float[] numbers = new float[Math.toIntExact(LongStream.of(shape).reduce(1, Math::multiplyExact))];
        Random random = new Random(1);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        try (OnnxModel onnx = OnnxModel.load(file, RuntimeOptions.defaults().withThreads(1))) {
            Map<String, Tensor> feeds = Map.of(onnx.inputs().keySet().iterator().next(), Tensor.of(numbers, shape));
            double[] times = new double[ROUNDS];
            for (int i = -3; i < ROUNDS; i++) {
                long start = System.nanoTime();
                onnx.run(feeds);
                times[Math.max(i, 0)] = (System.nanoTime() - start) / 1e6;
            }
            Arrays.sort(times);
            return times[ROUNDS / 2];
        }
    }
}
