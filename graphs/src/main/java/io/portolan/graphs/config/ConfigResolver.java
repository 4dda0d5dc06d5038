package io.portolan.graphs.config;

import io.portolan.checkpoints.Checkpoint;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finds a checkpoint's configuration. Fields that the arrays determine are taken from them, and nothing may contradict
 * them. The other fields are taken from the user's overrides, then from a configuration file, then from the
 * checkpoint's own {@code training_args}. The latter two describe a whole model, so fields that they omit have the
 * reference's defaults; without either, nothing is guessed.
 */
public final class ConfigResolver {
    private static final String TRAINING_ARGS = "training_args";

    private ConfigResolver() {}

    /** Like {@link #resolved}, without the remarks. */
    public static ModelConfig resolve(
            Checkpoint checkpoint, Map<String, String> overrides, Optional<Map<String, Object>> description) {
        return resolved(checkpoint, overrides, description).model();
    }

    /**
     * Resolves a checkpoint's configuration.
     *
     * @param overrides single fields by name, such as {@code pool_type -> max}
     * @param description a parsed configuration file, if there is one
     * @throws ConfigException if fields are missing, unknown, contradictory or not supported
     */
    public static ResolvedConfig resolved(
            Checkpoint checkpoint, Map<String, String> overrides, Optional<Map<String, Object>> description) {
        Map<String, Object> options = new LinkedHashMap<>(trainingArguments(checkpoint));
        Architecture architecture = Architecture.of(checkpoint.parameters());
        ReferenceOptions.requireKnown(description.orElse(options), architecture);
        description.ifPresent(options::putAll);
        Architecture named = Architecture.named(options);
        if (options.containsKey(Architecture.LABEL) && named != architecture) {
            throw new ConfigException("configuration: " + Architecture.LABEL + " is given as '" + named.label()
                    + "', but the checkpoint's arrays show '" + architecture.label() + "'");
        }
        return architecture
                .resolver()
                .resolve(
                        checkpoint,
                        new Description(
                                overrides,
                                ReferenceOptions.inFieldNames(options),
                                description.isPresent() || !options.isEmpty()));
    }

    /**
     * The configuration of a model to be trained from scratch: the user's overrides, then the description, then the
     * reference's defaults.
     *
     * @param overrides single fields by name
     * @param description a parsed configuration file, if there is one
     * @param data size of the images in the data, for want of another
     * @throws ConfigException if fields are unknown, malformed or not supported
     */
    public static ModelConfig fromScratch(
            Map<String, String> overrides, Optional<Map<String, Object>> description, ImageSize data) {
        Map<String, Object> options = description.orElse(Map.of());
        Map<String, Object> named = new LinkedHashMap<>(options);
        Optional.ofNullable(overrides.get(Architecture.LABEL)).ifPresent(arch -> named.put(Architecture.LABEL, arch));
        Map<String, String> others = new LinkedHashMap<>(overrides);
        others.remove(Architecture.LABEL);
        Architecture architecture = Architecture.named(named);
        ReferenceOptions.requireKnown(options, architecture);
        return architecture
                .resolver()
                .fromScratch(new Description(others, ReferenceOptions.inFieldNames(options), true), data);
    }

    /** The command line that the training program stores; empty if this is another program's checkpoint. */
    private static Map<String, Object> trainingArguments(Checkpoint checkpoint) {
        Map<String, Object> description = new LinkedHashMap<>();
        if (checkpoint.metadata().get(TRAINING_ARGS) instanceof Map<?, ?> arguments) {
            arguments.forEach((name, value) -> description.put(String.valueOf(name), value));
        }
        return description;
    }
}
