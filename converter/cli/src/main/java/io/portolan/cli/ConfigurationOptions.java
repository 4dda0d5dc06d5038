package io.portolan.cli;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.graphs.config.ConfigFile;
import io.portolan.graphs.config.ConfigResolver;
import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.config.Preset;
import io.portolan.graphs.config.ResolvedConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of a model's configuration. */
@OptionGroup("Configuration of the model")
final class ConfigurationOptions {
    /** Where the description of the whole model comes from. */
    static final class Source {
        @Option(
                names = "--config",
                paramLabel = "FILE.json",
                description = "SimpleCSSM's fields as JSON; omitted fields have the reference's defaults.")
        private Optional<Path> file = Optional.empty();

        @Option(
                names = "--preset",
                paramLabel = "NAME",
                description = "Instead of --config, the settings of one of the laboratory's published checkpoints:"
                        + " ${COMPLETION-CANDIDATES}.")
        private Optional<Preset> preset = Optional.empty();

        private Optional<Map<String, Object>> description() throws IOException {
            return file.isPresent() ? Optional.of(ConfigFile.read(file.get())) : preset.map(Preset::description);
        }
    }

    @ArgGroup
    private Source source = new Source();

    @Option(
            names = "--set",
            paramLabel = "FIELD=VALUE",
            description = "One field of the configuration, such as --set pool_type=max. May be repeated.")
    private Map<String, String> fields = new LinkedHashMap<>();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** The configuration of a checkpoint; fields that the user does not set may come from another description. */
    ModelConfig resolve(Checkpoint checkpoint, Optional<String> otherDescription) throws IOException {
        Optional<Map<String, Object>> description = source.description();
        if (description.isEmpty() && otherDescription.isPresent()) {
            description = Optional.of(ConfigFile.parse(otherDescription.get(), "the model's own configuration"));
        }
        ResolvedConfig resolved = ConfigResolver.resolved(checkpoint, fields, description);
        resolved.remarks().forEach(remark -> spec.commandLine().getErr().println("Note: " + remark + "."));
        return resolved.model();
    }

    /** The configuration of a model without a checkpoint. */
    ModelConfig fromScratch(ImageSize data) throws IOException {
        return ConfigResolver.fromScratch(fields, source.description(), data);
    }
}
