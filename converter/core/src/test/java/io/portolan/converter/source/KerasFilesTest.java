package io.portolan.converter.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.converter.ConversionOptions;
import io.portolan.converter.TensorFlowConverter;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.source.keras.KerasModel;
import io.portolan.converter.verify.InputSample;
import io.portolan.converter.verify.TensorRuns;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that Keras 3.15.1 has saved, with inputs and the outputs that it computed. */
class KerasFilesTest {
    /** float32 in another order, relative to the largest element; the largest difference is 2.2e-7. */
    private static final double RELATIVE = 1e-6;

    /** The last place of float16, whose sums ONNX Runtime rounds elsewhere; the largest difference is 6.1e-4. */
    private static final double RELATIVE_HALF = 0x1p-10;

    private static final Pattern LAYER = Pattern.compile("`([^`]+)`");

    @TempDir
    private Path folder;

    private static Path sample(String name) {
        return Path.of(
                URI.create(KerasFilesTest.class.getResource("/keras/" + name).toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "activations.keras",
                "attention.keras",
                "half.keras",
                "images.keras",
                "images.h5",
                "lookups.keras",
                "convlstm.keras",
                "functions.h5",
                "operations.keras",
                "operations-more.keras",
                "prepared.keras",
                "recurrent.keras",
                "shared.keras",
                "shared.h5"
            })
    void convertsToWhatKerasComputed(String name) throws Exception {
        Map<String, TensorData> recorded =
                InputSample.read(sample(name.replaceAll("\\..*", ".npz"))).tensors();
        Map<String, TensorData> inputs = new LinkedHashMap<>();
        Path file = folder.resolve("model.onnx");
        List<String> outputs;
        try (TensorFlowModel model = KerasFiles.open(sample(name), List.of(), List.of())) {
            model.inputs().values().forEach(input -> inputs.put(input, recorded.get("in:" + input)));
            outputs = List.copyOf(model.outputs().values());
            new TensorFlowConverter()
                    .convert(
                            model,
                            file,
                            ConversionOptions.defaults().withSamples(List.of(new InputSample(name, inputs))));
        }
        assertThat(inputs.size() + outputs.size()).isEqualTo(recorded.size());
        Iterator<TensorData> results = TensorRuns.onnx(file, inputs).iterator();
        for (String output : outputs) {
            assertSame(output, results.next(), recorded.get("out:" + output));
        }
    }

    private static void assertSame(String what, TensorData actual, TensorData expected) {
        assertThat(actual.toString()).as(what).isEqualTo(expected.toString());
        if (expected.type() == OnnxType.STRING) {
            assertThat(actual.texts()).as(what).isEqualTo(expected.texts());
            return;
        }
        double relative = expected.type() == OnnxType.FLOAT16 ? RELATIVE_HALF : RELATIVE;
        double largest = Arrays.stream(expected.doubles()).map(Math::abs).max().orElse(0);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(Math.abs(actual.doubleAt(i) - expected.doubleAt(i)))
                    .as(what)
                    .isLessThanOrEqualTo(relative * largest);
        }
    }

    @Test
    void thePageListsTheLayers() throws IOException {
        Path page = Path.of("../../docs/tf2onnx.md").toAbsolutePath().normalize();
        String section = Files.readString(page).split("\n## Keras files\n")[1].split("\n## ")[0];
        Set<String> listed = new TreeSet<>();
        section.lines()
                .filter(line -> line.startsWith("| "))
                .forEach(line -> LAYER.matcher(line).results().forEach(name -> listed.add(name.group(1))));
        assertThat(listed).isEqualTo(new TreeSet<>(KerasModel.layers()));
    }

    private static final String MODEL = """
            {"class_name": "Functional", "config": {"name": "m", "layers": [
              {"class_name": "InputLayer", "config": {"batch_shape": [null, 4], "dtype": "float32", "name": "x"}, "inbound_nodes": []},
              {"class_name": "%s", "config": {"name": "layer", "trainable": true%s}, "inbound_nodes": [{"args": [
                {"class_name": "__keras_tensor__", "config": {"keras_history": ["%s", 0, 0]}}], "kwargs": {}}]}],
              "input_layers": [["x", 0, 0]], "output_layers": [["layer", 0, 0]]}}
            """;

    /** An archive with this description and the weights of a sample. */
    private Path archive(String config) throws IOException {
        Path file = folder.resolve("model.keras");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (String entry : List.of("config.json", "metadata.json", "model.weights.h5")) {
                zip.putNextEntry(new ZipEntry(entry));
                zip.write(
                        switch (entry) {
                            case "config.json" -> config.getBytes(StandardCharsets.UTF_8);
                            case "metadata.json" -> "{\"keras_version\": \"3.15.1\"}".getBytes(StandardCharsets.UTF_8);
                            default -> Files.readAllBytes(sample("shared.h5"));
                        });
            }
        }
        return file;
    }

    @Test
    void whatIsNotUnderstoodIsRefusedInOneLine() throws IOException {
        assertRefused(MODEL.formatted("Lambda", "", "x"), "Lambda", "model.export");
        assertRefused(MODEL.formatted("ReLU", ", \"sharpness\": 3", "x"), "sharpness");
        assertRefused(MODEL.formatted("ReLU", "", "layer"), "waits for its own result");
        assertRefused(MODEL.formatted("ReLU", "", "other"), "no layer other");
        assertRefused(MODEL.formatted("Dense", ", \"units\": 2147483647", "x"), "weights");
        assertRefused(
                MODEL.formatted("Flatten", ", \"dtype\": {\"class_name\": \"QuantizedDTypePolicy\"}", "x"),
                "quantised");
        assertRefused("{\"class_name\": \"Mine\", \"module\": \"mine\", \"config\": {}}", "Mine", "model.export");
        assertRefused("{\"class_name\": \"Functional\", \"config\": {}}", "model.export");
        assertThat(KerasFiles.open(archive(MODEL.formatted("ReLU", "", "x")), List.of(), List.of())
                        .outputs())
                .containsValue("layer");
    }

    @Test
    void whatIsNotUnderstoodOfVocabulariesAndFunctionsIsRefused() throws IOException {
        String words = MODEL.replace("float32", "string");
        assertRefused(words.formatted("StringLookup", "", "x"), "has no vocabulary in the file");
        assertRefused(
                words.formatted("StringLookup", ", \"vocabulary\": [\"a\"], \"num_oov_indices\": 2", "x"),
                "num_oov_indices = 2",
                "hashes texts");
        assertRefused(
                words.formatted("StringLookup", ", \"vocabulary\": [\"a\"], \"num_oov_indices\": 0", "x"),
                "at least 1");
        assertRefused(MODEL.formatted("StringLookup", ", \"vocabulary\": [\"a\"]", "x"), "expected DT_STRING");
        assertRefused(
                words.formatted("TextVectorization", ", \"vocabulary\": [\"a\"], \"ngrams\": [1, 2]", "x"), "ngrams");
        assertRefused(words.formatted("Hashing", ", \"num_bins\": 3", "x"), "Hashing", "model.export");
        assertRefused(
                MODEL.formatted("TFOpLambda", ", \"function\": \"linalg.svd\"", "x"), "tf.linalg.svd", "model.export");
        assertRefused(MODEL.formatted("TFOpLambda", ", \"function\": \"math.add\"", "x"), "is called without y");
    }

    private void assertRefused(String config, String... words) throws IOException {
        Path file = archive(config);
        assertThatThrownBy(() -> KerasFiles.open(file, List.of(), List.of()))
                .isInstanceOf(ConversionException.class)
                .hasMessageContainingAll(words)
                .hasMessageNotContaining("\n");
    }

    @Test
    void filesThatAreNoModelsAreRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("model.h5"), "text");
        assertThatThrownBy(() -> KerasFiles.open(text, List.of(), List.of()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("expected a model that Keras has saved");
        Path deep = archive("[".repeat(200));
        assertThatThrownBy(() -> KerasFiles.open(deep, List.of(), List.of()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("malformed JSON");
    }
}
