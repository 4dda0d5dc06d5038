package io.portolan.graphs.config;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.ParameterTree;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The kinds of models: what their arrays are recognised by, and how their configurations are found. */
public enum Architecture {
    /** A convolutional stem, cells with residual connections, a classifier. */
    SIMPLE(tree -> tree.contains("cssm_0"), new SimpleCssmResolver()),
    /** A vision transformer. */
    BASELINE(tree -> tree.contains("patch_embed") && tree.contains("block0/attn"), new VitResolver()),
    /** Horizontal connections that settle. */
    HGRU(tree -> tree.contains("hgru"), new HgruResolver());

    /** The reference's name for the choice of an architecture. */
    static final String LABEL = "arch";

    /** Interprets the description of a model of one architecture. */
    interface Resolver {
        /**
         * Resolves a checkpoint's configuration.
         *
         * @throws ConfigException if fields are missing, unknown, contradictory or not supported
         */
        ResolvedConfig resolve(Checkpoint checkpoint, Description description);

        /**
         * The configuration of a model to be trained from scratch.
         *
         * @param data size of the images in the data, for want of another
         * @throws ConfigException if fields are unknown, malformed or not supported
         */
        ModelConfig fromScratch(Description description, ImageSize data);
    }

    private final Predicate<ParameterTree> signature;
    private final Resolver resolver;

    Architecture(Predicate<ParameterTree> signature, Resolver resolver) {
        this.signature = signature;
        this.resolver = resolver;
    }

    /** The architecture's name in configurations. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    Resolver resolver() {
        return resolver;
    }

    /**
     * The architecture with these arrays.
     *
     * @throws ConfigException if no supported one has them
     */
    static Architecture of(ParameterTree tree) {
        return Arrays.stream(values())
                .filter(architecture -> architecture.signature.test(tree))
                .findFirst()
                .orElseThrow(() ->
                        new ConfigException("the checkpoint is not a SimpleCSSM: no array lies under 'cssm_0'; found "
                                + String.join(", ", tree.children())));
    }

    /**
     * The architecture that a description names; {@link #SIMPLE} if it names none.
     *
     * @throws ConfigException if there is no such architecture
     */
    static Architecture named(Map<String, Object> options) {
        Object name = options.get(LABEL);
        if (ReferenceOptions.isUnset(name)) {
            return SIMPLE;
        }
        Optional<Architecture> found = Arrays.stream(values())
                .filter(architecture -> architecture.label().equals(name))
                .findFirst();
        return found.orElseThrow(
                () -> new ConfigException("configuration: " + LABEL + " '" + name + "' is not supported; expected "
                        + Arrays.stream(values()).map(Architecture::label).collect(Collectors.joining(", "))));
    }
}
