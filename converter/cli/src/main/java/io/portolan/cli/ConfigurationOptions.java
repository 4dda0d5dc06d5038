package io.portolan.cli;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.graphs.config.ConfigException;
import io.portolan.graphs.config.ConfigFile;
import io.portolan.graphs.config.ConfigResolver;
import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.config.Preset;
import io.portolan.graphs.config.ResolvedConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of a model's configuration. */
final class ConfigurationOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE.json",
            description = "SimpleCSSM's fields as JSON; omitted fields have the reference's defaults.")
    private Path configFile;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            completionCandidates = Presets.class,
            description =
                    "The settings of one of the laboratory's published checkpoints, instead of --config: ${COMPLETION-CANDIDATES}.")
    private String preset;

    @Option(
            names = "--set",
            paramLabel = "FIELD=VALUE",
            description = "One field of the configuration, such as --set pool_type=max. May be repeated.")
    private Map<String, String> fields = new LinkedHashMap<>();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** The configuration of a checkpoint; fields that the user does not set may come from another description. */
    ModelConfig resolve(Checkpoint checkpoint, Optional<String> otherDescription) throws IOException {
        Optional<Map<String, Object>> description = otherDescription.isPresent() && configFile == null && preset == null
                ? Optional.of(ConfigFile.parse(otherDescription.get(), "the model's own configuration"))
                : described();
        ResolvedConfig resolved = ConfigResolver.resolved(checkpoint, fields, description);
        resolved.remarks().forEach(remark -> spec.commandLine().getErr().println("Note: " + remark + "."));
        return resolved.model();
    }

    /** The configuration of a model without a checkpoint. */
    ModelConfig fromScratch(ImageSize data) throws IOException {
        return ConfigResolver.fromScratch(fields, described(), data);
    }

    private Optional<Map<String, Object>> described() throws IOException {
        if (preset != null) {
            return Optional.of(chosenPreset().description());
        }
        return configFile == null ? Optional.empty() : Optional.of(ConfigFile.read(configFile));
    }

    private Preset chosenPreset() {
        if (configFile != null) {
            throw new ParameterException(
                    spec.commandLine(), "--preset and --config exclude each other; single fields are set with --set");
        }
        try {
            return Preset.named(preset);
        } catch (ConfigException unknown) {
            throw new ParameterException(spec.commandLine(), "--preset: " + unknown.getMessage(), unknown);
        }
    }

    /** The names that the help lists. */
    static final class Presets implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Preset.values()).map(Preset::label).iterator();
        }
    }
}
