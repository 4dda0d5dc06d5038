package io.portolan.graphs.config;

import java.util.Map;
import java.util.Set;

/**
 * The reference's names for normalisations. It has one for the stem and one for the body, with {@code norm_type} as
 * their default. Here one {@link NormType} serves both, and names that mean the same on this model's tensors are
 * synonyms.
 */
final class NormNames {
    private static final String STEM = "stem_norm";
    private static final String BODY = "body_norm";

    /**
     * Norms whose statistics cover time or space only for tensors (B, T, H, W, C); on fewer axes they are plain layer
     * norms.
     */
    private static final Set<String> LAYER_WITHOUT_TIME = Set.of("temporal_layer", "global_layer", "global_instance");

    private NormNames() {}

    static boolean isOption(String name) {
        return name.equals(STEM) || name.equals(BODY);
    }

    /**
     * The normalisation of the stem and the body.
     *
     * @param normType the reference's name
     * @param description may hold {@code stem_norm} and {@code body_norm}
     * @param readsAllFrames whether the readout normalises a tensor with a time axis; the stem merges frames into the
     *     batch axis
     * @throws ConfigException if it is not one of {@link NormType}, or the stem and the body differ
     */
    static NormType shared(String normType, Map<String, Object> description, boolean readsAllFrames) {
        NormType stem = norm(STEM, normType, description, false);
        NormType body = norm(BODY, normType, description, readsAllFrames);
        if (stem != body) {
            throw new ConfigException("configuration: " + STEM + " '" + stem.label() + "' with " + BODY + " '"
                    + body.label() + "' is not supported; expected the same norm for both");
        }
        return stem;
    }

    private static NormType norm(String option, String normType, Map<String, Object> description, boolean hasTime) {
        Object own = description.get(option);
        String name = ReferenceOptions.isUnset(own) ? normType : String.valueOf(own);
        String where = ReferenceOptions.isUnset(own) ? Field.NORM.label() : option;
        if (LAYER_WITHOUT_TIME.contains(name)) {
            if (hasTime) {
                throw new ConfigException("configuration: " + where + " '" + name
                        + "' is not supported if the readout sees all frames; expected layer or batch");
            }
            return NormType.LAYER;
        }
        return Choice.parse(NormType.class, where, name);
    }
}
