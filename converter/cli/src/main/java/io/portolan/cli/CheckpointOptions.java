package io.portolan.cli;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.OpenedCheckpoint;
import io.portolan.graphs.attribution.ModelExplainer;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.cells.TimeForm;
import io.portolan.graphs.config.ConfigException;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.layers.WeightsException;
import io.portolan.graphs.model.ModelGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;

/** The checkpoint whose model a command builds, and what the user says about its configuration. */
final class CheckpointOptions {
    @Mixin
    private CheckpointFile file;

    @Mixin
    private ConfigurationOptions configuration;

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
        try {
            return configuration.resolve(checkpoint, otherDescription);
        } catch (ConfigException refused) {
            throw new ConfigException(file.path() + ": " + refused.getMessage());
        }
    }

    ModelGraph build(Checkpoint checkpoint, ModelConfig config, Plan plan) {
        return build(checkpoint, config, plan, TimeForm.UNROLLED);
    }

    ModelGraph build(Checkpoint checkpoint, ModelConfig config, Plan plan, TimeForm time) {
        return built(() -> ModelGraph.build(checkpoint, config, plan, time));
    }

    ModelExplainer explainer(Checkpoint checkpoint, ModelConfig config) {
        return built(() -> new ModelExplainer(checkpoint, config));
    }

    private <T> T built(Supplier<T> builder) {
        QuietTensorFlow.start();
        try {
            return builder.get();
        } catch (WeightsException refused) {
            throw new WeightsException(file.path() + ": " + refused.getMessage());
        }
    }
}
