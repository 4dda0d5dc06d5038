package io.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portolan.checkpoints.CheckpointFormat;
import io.portolan.checkpoints.Checkpoints;
import io.portolan.graphs.config.ConfigResolver;
import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.config.Preset;
import io.portolan.graphs.training.Initialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checkpoints of the published sizes, with random weights and no settings of their own, need only the name of a preset. */
class PresetTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(Preset.class)
    void aPresetIsTheConfigurationOfItsCheckpoint(Preset preset) throws IOException {
        ModelConfig config = configOf(preset);
        String file = checkpoint(config);
        JsonNode shown = configuration("inspect", file, "--preset", preset.toString(), "--json");
        assertThat(shown).isEqualTo(new ObjectMapper().readTree(config.toJson()));

        Path json = folder.resolve("config.json");
        Files.writeString(json, new ObjectMapper().writeValueAsString(preset.description()));
        assertThat(configuration("inspect", file, "--config", json.toString(), "--json"))
                .isEqualTo(shown);
        assertThat(configuration("inspect", file, "--preset", preset.toString(), "--set", "pool_type=max", "--json")
                        .get("pool_type")
                        .asText())
                .isEqualTo("max");
    }

    @Test
    void aPublishedCheckpointIsConvertedWithoutJson() throws IOException {
        String file = checkpoint(configOf(Preset.KQV64));
        String onnx = folder.resolve("m.onnx").toString();
        // The faithful plan at 224 pixels takes long; that the export is right is tested elsewhere.
        Outcome converted = Outcome.of("convert", file, "--preset", "kqv64", "--no-verify", "-o", onnx);
        assertThat(converted.code()).as(converted.err()).isZero();
        assertThat(converted.out()).contains("\"embed_dim\":64", "\"pos_embed\":\"spatiotemporal\"", "wrote ");
    }

    @Test
    void aCheckpointOfAnotherModelIsRefused() throws IOException {
        Outcome refused =
                Outcome.of("convert", checkpoint(configOf(Preset.AA)), "--preset", "kqv64", "-o", "never.onnx");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("is given as", "but the checkpoint's arrays show");
    }

    @Test
    void unknownNamesListWhatThereIs() {
        Outcome unknown = Outcome.of("convert", "none.pkl", "--preset", "kqv32", "-o", "never.onnx");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("'--preset'", "[KQV64, KQV128, AA, KQV_SINUSOIDAL]", "'kqv32'");
        Outcome both = Outcome.of("inspect", "none.pkl", "--preset", "kqv64", "--config", "c.json");
        assertThat(both.code()).isEqualTo(2);
        assertThat(both.err()).contains("mutually exclusive");
        assertThat(Outcome.of("train", "--help").out()).contains("kqv64, kqv128, aa, kqv_sinusoidal");
    }

    private static ModelConfig configOf(Preset preset) {
        return ConfigResolver.fromScratch(Map.of(), Optional.of(preset.description()), new ImageSize(224, 224));
    }

    private String checkpoint(ModelConfig config) throws IOException {
        Path file = folder.resolve("checkpoint.pkl");
        Checkpoints.write(Initialization.of(config, 1), file, CheckpointFormat.PICKLE);
        return file.toString();
    }

    private static JsonNode configuration(String... arguments) throws IOException {
        Outcome outcome = Outcome.of(arguments);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return new ObjectMapper().readTree(outcome.out()).get("configuration");
    }
}
