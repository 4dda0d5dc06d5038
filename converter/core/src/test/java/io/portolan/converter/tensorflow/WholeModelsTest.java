package io.portolan.converter.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.ConversionOptions;
import io.portolan.converter.ConversionReport;
import io.portolan.converter.TensorFlowConverter;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.source.TensorFlowModel;
import io.portolan.converter.verify.TensorRuns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks with random weights in variables compute in ONNX Runtime what they do in TensorFlow. */
class WholeModelsTest {
    /** Of the largest number of an output: some tens of roundings of float32, 6e-8 each, through the layers of these networks. */
    private static final double ROUNDING = 3e-6;

    @TempDir
    private Path folder;

    static Stream<Arguments> networks() {
        return Stream.of(
                network("perceptron", Networks::perceptron),
                network("convolutional", Networks::convolutional),
                network("residual", Networks::residual),
                network("preactivated", Networks::preactivated),
                network("densely connected", Networks::denselyConnected),
                network("mobile", Networks::mobile),
                network("transformer", Networks::transformer),
                network("spectrogram", Networks::spectrogram),
                network("LSTM", RecurrentNetworks::lstm),
                network("GRU", RecurrentNetworks::gru));
    }

    private static Arguments network(String name, Supplier<Network> network) {
        return Arguments.of(name, network);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void onnxComputesWhatTensorFlowDoes(String name, Supplier<Network> network) throws Exception {
        try (Network net = network.get();
                TensorFlowModel model = net.model()) {
            ConversionReport report = new TensorFlowConverter()
                    .convert(model, folder.resolve("model.onnx"), ConversionOptions.defaults());
            assertThat(report.parity()).hasSize(model.outputs().size()).allSatisfy(output -> {
                assertThat(output.maxRelative()).as(output.toString()).isLessThan(ROUNDING);
                assertThat(output.sameArgmax())
                        .as(output.toString())
                        .isEqualTo(output.rows())
                        .isPositive();
            });
            assertThat(report.checked()).contains("accepted by the ONNX checker");
        }
    }

    @Test
    void aRecurrentNetworkIsOneLayer() throws Exception {
        try (Network net = RecurrentNetworks.lstm();
                TensorFlowModel model = net.model()) {
            ConversionReport report = new TensorFlowConverter()
                    .convert(model, folder.resolve("model.onnx"), ConversionOptions.defaults());
            assertThat(report.operators())
                    .containsEntry("LSTM", 1)
                    .doesNotContainKeys("Scan", "Loop", "ScatterND", "Pad", "Less");
            assertThat(report.outputs()).containsEntry("states", "FLOAT(batch, sequence_1, 16)");
        }
    }

    /** Normalisation and padding are part of the convolutions that they belong to, and layouts change once. */
    @Test
    void aNetworkOfConvolutionsHasAlmostNothingElse() throws Exception {
        assertThat(operators(Networks::residual))
                .isEqualTo(Map.of(
                        "Transpose", 1, "Conv", 8, "Relu", 7, "MaxPool", 1, "ReduceMean", 1, "MatMul", 1, "Add", 4));
        assertThat(operators(Networks::preactivated))
                .isEqualTo(
                        Map.of("Transpose", 1, "Conv", 8, "Relu", 7, "ReduceMean", 1, "MatMul", 1, "Mul", 2, "Add", 5));
        assertThat(operators(Networks::denselyConnected)).containsEntry("Transpose", 1);
    }

    private Map<String, Integer> operators(Supplier<Network> network) throws Exception {
        try (Network net = network.get();
                TensorFlowModel model = net.model()) {
            Path file = Files.createTempDirectory(folder, "model").resolve("model.onnx");
            return new TensorFlowConverter()
                    .convert(model, file, ConversionOptions.defaults())
                    .operators();
        }
    }

    @Test
    void sequencesOfEveryLengthFitTheSameModel() throws Exception {
        try (Network net = RecurrentNetworks.gru();
                TensorFlowModel model = net.model()) {
            Path file = folder.resolve("model.onnx");
            new TensorFlowConverter().convert(model, file, ConversionOptions.defaults());
            for (int length : new int[] {1, 5, 40}) {
                Map<String, TensorData> feeds = Map.of("sequence", gaussian(3, length, 6));
                List<TensorData> expected = TensorRuns.tensorFlow(
                        net.session(), List.copyOf(model.outputs().keySet()), feeds);
                List<TensorData> actual = TensorRuns.onnx(file, feeds);
                for (int i = 0; i < expected.size(); i++) {
                    double[] wanted = expected.get(i).doubles();
                    double[] had = actual.get(i).doubles();
                    for (int j = 0; j < wanted.length; j++) {
                        assertThat(had[j])
                                .as("%d[%d] of length %d", i, j, length)
                                .isBetween(wanted[j] - ROUNDING, wanted[j] + ROUNDING);
                    }
                }
            }
        }
    }

    private static TensorData gaussian(long... shape) {
        Random random = new Random(3);
        double[] values = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        Arrays.setAll(values, i -> random.nextGaussian());
        return TensorData.ofDoubles(OnnxType.FLOAT, values, shape);
    }
}
