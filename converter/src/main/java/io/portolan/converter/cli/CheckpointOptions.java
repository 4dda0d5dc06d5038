package io.portolan.converter.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.OpenedCheckpoint;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ConfigException;
import io.portolan.graphs.config.ConfigResolver;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.layers.WeightsException;
import io.portolan.graphs.model.ModelGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The checkpoint whose model a command builds, and what the user says about its configuration. */
final class CheckpointOptions {
    @Mixin
    private CheckpointFile file;

    @Option(
            names = "--config",
            paramLabel = "FILE.json",
            description = "SimpleCSSM's fields as JSON; fields left out have the reference's defaults.")
    private Path configFile;

    @Option(
            names = "--set",
            paramLabel = "FIELD=VALUE",
            description = "One field of the configuration, such as --set pool_type=max. May be repeated.")
    private Map<String, String> fields = new LinkedHashMap<>();

    Path file() {
        return file.path();
    }

    OpenedCheckpoint open() throws IOException {
        return file.open();
    }

    Checkpoint read() throws IOException {
        return open().checkpoint();
    }

    /** The configuration; what the user does not describe may be described elsewhere. */
    ModelConfig configuration(Checkpoint checkpoint, Optional<String> otherDescription) throws IOException {
        Optional<Map<String, Object>> description = otherDescription.isPresent() && configFile == null
                ? Optional.of(parse(otherDescription.get(), "the model's own configuration"))
                : describedByFile();
        try {
            return ConfigResolver.resolve(checkpoint, fields, description);
        } catch (ConfigException refused) {
            throw new ConfigException(file.path() + ": " + refused.getMessage());
        }
    }

    ModelGraph build(Checkpoint checkpoint, ModelConfig config, Plan plan) {
        QuietTensorFlow.start();
        try {
            return ModelGraph.build(checkpoint, config, plan);
        } catch (WeightsException refused) {
            throw new WeightsException(file.path() + ": " + refused.getMessage());
        }
    }

    private Optional<Map<String, Object>> describedByFile() throws IOException {
        return configFile == null
                ? Optional.empty()
                : Optional.of(parse(Files.readString(configFile), configFile.toString()));
    }

    private static Map<String, Object> parse(String json, String origin) throws IOException {
        try {
            return new ObjectMapper().readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException malformed) {
            throw new IOException(origin + ": expected a JSON object of configuration fields ("
                    + malformed.getOriginalMessage() + ")", malformed);
        }
    }
}
