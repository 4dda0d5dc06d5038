package io.portolan.cli;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.OpenedCheckpoint;
import io.portolan.checkpoints.ReadOptions;
import io.portolan.converter.Stages;
import io.portolan.graphs.attribution.ModelExplainer;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ConfigException;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.layers.WeightsException;
import io.portolan.graphs.model.ModelGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/** The options of a checkpoint whose model a command builds, with its configuration. */
final class CheckpointOptions {
    @Mixin
    private CheckpointFile file;

    @Mixin
    private ConfigurationOptions configuration;

    Path file() {
        return file.path();
    }

    /** How the file is to be read. */
    ReadOptions readOptions() {
        return file.options();
    }

    /** The SHA-256 of what is read. */
    String sha256() throws IOException {
        return file.sha256();
    }

    OpenedCheckpoint open() throws IOException {
        return file.open();
    }

    /** Opens another checkpoint with the same options. */
    OpenedCheckpoint open(Path other) throws IOException {
        return file.open(other);
    }

    Checkpoint read() throws IOException {
        return open().checkpoint();
    }

    /** The resolved configuration; fields that the user does not set may come from another description. */
    ModelConfig configuration(Checkpoint checkpoint, Optional<String> otherDescription) throws IOException {
        return of(file.path(), () -> configuration.resolve(checkpoint, otherDescription));
    }

    /** The configuration of another checkpoint with the same options. */
    ModelConfig configuration(Path origin, Checkpoint checkpoint) throws IOException {
        return of(origin, () -> configuration.resolve(checkpoint, Optional.empty()));
    }

    ModelGraph build(Checkpoint checkpoint, ModelConfig config, Plan plan) {
        return using(() -> ModelGraph.build(checkpoint, config, plan));
    }

    /** @param origin the file of the checkpoint, which a failure names */
    ModelExplainer explainer(Path origin, Checkpoint checkpoint, ModelConfig config) {
        QuietTensorFlow.start();
        return of(origin, () -> new ModelExplainer(checkpoint, config));
    }

    /** Runs some work on the weights; if they do not match the model, the failure names the file. */
    <T, E extends Exception> T using(Stages.Work<T, E> work) throws E {
        QuietTensorFlow.start();
        return ofTheFile(work);
    }

    /** Like {@link #using}, for work that needs no TensorFlow. */
    <T, E extends Exception> T ofTheFile(Stages.Work<T, E> work) throws E {
        return of(file.path(), work);
    }

    private static <T, E extends Exception> T of(Path origin, Stages.Work<T, E> work) throws E {
        try {
            return work.run();
        } catch (WeightsException | ConfigException refused) {
            throw new FileException(origin, refused);
        }
    }
}
