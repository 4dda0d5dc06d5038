package io.portolan.converter.cli;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.Checkpoints;
import io.portolan.graphs.config.ConfigException;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.layers.WeightsException;
import io.portolan.graphs.model.ModelGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The checkpoint of a command, and what the user says about its configuration. */
final class CheckpointOptions {
    @Parameters(index = "0", paramLabel = "CHECKPOINT", description = "A checkpoint, such as checkpoint.pkl.")
    private Path file;

    @Mixin
    private ConfigurationOptions configuration;

    Path file() {
        return file;
    }

    Checkpoint read() throws IOException {
        return Checkpoints.read(file);
    }

    /** The configuration; what the user does not describe may be described elsewhere. */
    ModelConfig configuration(Checkpoint checkpoint, Optional<String> otherDescription) throws IOException {
        try {
            return configuration.resolve(checkpoint, otherDescription);
        } catch (ConfigException refused) {
            throw new ConfigException(file + ": " + refused.getMessage());
        }
    }

    ModelGraph build(Checkpoint checkpoint, ModelConfig config) {
        QuietTensorFlow.start();
        try {
            return ModelGraph.build(checkpoint, config);
        } catch (WeightsException refused) {
            throw new WeightsException(file + ": " + refused.getMessage());
        }
    }
}
