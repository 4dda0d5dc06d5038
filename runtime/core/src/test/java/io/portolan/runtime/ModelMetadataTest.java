package io.portolan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.images.ImageInput;
import io.portolan.images.Normalization;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelMetadataTest {
    private static final ModelMetadata VIDEO = TinyModels.metadata(ImageInput.video(8, 224, 192));

    @Test
    void readsBackWhatItWrote() {
        ModelMetadata still = new ModelMetadata(
                "1.2",
                "fused",
                "int8",
                "{\n \"embed_dim\": 64\n}",
                new ModelSource("transformer \u00e9poch 20.pkl", "f".repeat(64)),
                new Normalization(List.of(0.1f, 1f / 3, -0.0f), List.of(Float.MIN_VALUE, 1e30f, 1f)),
                List.of("cat", "hot dog", "sl\u00f4n"),
                ImageInput.still(1, 2));

        assertThat(ModelMetadata.from(still.toMap())).isEqualTo(still);
        assertThat(ModelMetadata.from(VIDEO.toMap())).isEqualTo(VIDEO);
    }

    @Test
    void isPlainText() {
        assertThat(VIDEO.toMap())
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("portolan.format", "1"),
                        Map.entry("portolan.version", "0.1.0"),
                        Map.entry("portolan.plan", "faithful"),
                        Map.entry("portolan.weights", "float32"),
                        Map.entry("portolan.model", "{\"depth\": 1}"),
                        Map.entry("portolan.source.file", "checkpoint.pkl"),
                        Map.entry("portolan.source.sha256", "0a".repeat(32)),
                        Map.entry("portolan.input.layout", "NTHWC"),
                        Map.entry("portolan.input.frames", "8"),
                        Map.entry("portolan.input.height", "224"),
                        Map.entry("portolan.input.width", "192"),
                        Map.entry("portolan.input.mean", "0.485,0.456,0.406"),
                        Map.entry("portolan.input.std", "0.229,0.224,0.225"),
                        Map.entry("portolan.labels", "disconnected\nconnected")));
    }

    @Test
    void saysNothingOfFramesForAStillImage() {
        assertThat(TinyModels.metadata(ImageInput.still(4, 4)).toMap()).doesNotContainKey("portolan.input.frames");
    }

    @Test
    void ignoresEntriesOfOthers() {
        Map<String, String> properties = new HashMap<>(VIDEO.toMap());
        properties.put("author", "someone");

        assertThat(ModelMetadata.from(properties)).isEqualTo(VIDEO);
    }

    @Test
    void filesFromBeforeThereWasAChoiceHaveFloat32Weights() {
        Map<String, String> properties = new HashMap<>(VIDEO.toMap());
        properties.remove("portolan.weights");

        assertThat(ModelMetadata.from(properties).weights()).isEqualTo("float32");
    }

    @Test
    void namesEveryKeyThatIsMissing() {
        Set<String> required = new HashSet<>(VIDEO.toMap().keySet());
        required.remove("portolan.weights");
        for (String key : required) {
            Map<String, String> properties = new HashMap<>(VIDEO.toMap());
            properties.remove(key);

            assertThatThrownBy(() -> ModelMetadata.from(properties))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining(key + " is missing");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "portolan.source.sha256 | beef",
                "portolan.input.layout | NCHW",
                "portolan.input.frames | 0",
                "portolan.input.height | tall",
                "portolan.input.height | -3",
                "portolan.input.width | 2147483647",
                "portolan.input.mean | 0.5,0.5",
                "portolan.input.mean | 0.5,0.5,NaN",
                "portolan.input.std | 1,0,1",
            })
    void namesAKeyThatIsGarbled(String key, String value) {
        Map<String, String> properties = new HashMap<>(VIDEO.toMap());
        properties.put(key, value);

        assertThatThrownBy(() -> ModelMetadata.from(properties))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(key + " is malformed: '" + value + "'");
    }

    @Test
    void namesLabelsThatAreGarbled() {
        Map<String, String> properties = new HashMap<>(VIDEO.toMap());
        properties.put("portolan.labels", "cat\n\ndog");

        assertThatThrownBy(() -> ModelMetadata.from(properties)).hasMessageContaining("portolan.labels is malformed");
    }

    @Test
    void refusesAFormatFromTheFuture() {
        Map<String, String> properties = new HashMap<>(VIDEO.toMap());
        properties.put("portolan.format", "2");

        assertThatThrownBy(() -> ModelMetadata.from(properties))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("portolan.format is '2'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two\nlines"})
    void refusesALabelThatIsNotOneLine(String label) {
        assertThatThrownBy(() -> new ModelMetadata(
                        "1",
                        "faithful",
                        "float32",
                        "{}",
                        VIDEO.source(),
                        Normalization.IMAGENET,
                        List.of(label),
                        VIDEO.input()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
