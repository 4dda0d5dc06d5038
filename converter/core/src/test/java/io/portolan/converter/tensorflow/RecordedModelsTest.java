package io.portolan.converter.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.ConversionOptions;
import io.portolan.converter.TensorFlowConverter;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.source.SavedModels;
import io.portolan.converter.source.TensorFlowModel;
import io.portolan.converter.verify.InputSample;
import io.portolan.converter.verify.TensorRuns;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SavedModels written by Python, with recorded inputs of several sizes and outputs of TensorFlow in Python. */
class RecordedModelsTest {
    /** float32 in another order, relative to the largest element. */
    private static final double RELATIVE = 2e-5;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cf-map-fn-scan",
                "cf-v1-while",
                "cf-while-tensorarray-dynamic",
                "complex-arith",
                "declared-shape-only-in-signature",
                "det-nms-v4-combined",
                "det-soft-nms",
                "in-unknown-rank",
                "iss-class-labels-output",
                "iss-conv-transpose-dynamic-same",
                "iss-cumsum-cumprod-dynamic",
                "iss-depthwise-stride-dilation",
                "iss-gather-batch-dims",
                "iss-multi-scan-outputs",
                "iss-resize-modes-dynamic",
                "iss-string-passthrough-signature",
                "iss-tile-range-meshgrid",
                "keras-integer-lookup",
                "keras-prep-tabular",
                "keras-saved-model-save",
                "keras-string-lookup",
                "keras-text-vectorization",
                "probe-linspace",
                "sig-fft-dynamic-length",
                "sig-fnet-dynamic",
                "sig-frame-overlap-add-median",
                "text-tables"
            })
    void convertsToWhatWasRecorded(String name) throws Exception {
        Path recorded = Path.of(URI.create(
                RecordedModelsTest.class.getResource("/tf2onnx/" + name).toString()));
        List<InputSample> feeds = new ArrayList<>();
        for (int i = 0; Files.exists(recorded.resolve("feed" + i + ".npz")); i++) {
            feeds.add(InputSample.read(recorded.resolve("feed" + i + ".npz")));
        }
        Path file = folder.resolve("model.onnx");
        List<String> outputs;
        try (TensorFlowModel model = SavedModels.open(recorded.resolve("model"), List.of("serve"), Optional.empty())) {
            new TensorFlowConverter()
                    .convert(model, file, ConversionOptions.defaults().withSamples(feeds));
            outputs = List.copyOf(model.outputs().values());
        }
        assertThat(feeds).isNotEmpty();
        for (int i = 0; i < feeds.size(); i++) {
            Map<String, TensorData> expected =
                    InputSample.read(recorded.resolve("expected" + i + ".npz")).tensors();
            Iterator<TensorData> actual =
                    TensorRuns.onnx(file, feeds.get(i).tensors()).iterator();
            for (String output : outputs) {
                assertSame(output + " of feed " + i, actual.next(), expected.get(asRecorded(output)));
            }
        }
    }

    /** An output that has the name of an input is renamed. */
    private static String asRecorded(String output) {
        return output.equals("id_output") ? "id" : output;
    }

    private static void assertSame(String what, TensorData actual, TensorData expected) {
        assertThat(actual.toString()).as(what).isEqualTo(expected.toString());
        if (expected.type() == OnnxType.STRING) {
            assertThat(actual.texts()).as(what).isEqualTo(expected.texts());
            return;
        }
        double largest = Arrays.stream(expected.doubles()).map(Math::abs).max().orElse(0);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(Math.abs(actual.doubleAt(i) - expected.doubleAt(i)))
                    .as(what)
                    .isLessThanOrEqualTo(RELATIVE * largest);
        }
    }
}
