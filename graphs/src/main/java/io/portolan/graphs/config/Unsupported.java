package io.portolan.graphs.config;

import java.util.Map;

/** Options of later revisions of the reference that change the model: supported at one value only ({@code docs/model.md}, section 1.1). */
final class Unsupported {
    private static final Map<String, String> ONLY = Map.ofEntries(
            Map.entry("position_independent_gates", "false"),
            Map.entry("stem_mode", "default"),
            Map.entry("stem_layers", "2"),
            Map.entry("stem_norm_order", "post"),
            Map.entry("n_register_tokens", "0"),
            Map.entry("readout_norm", "pre"),
            Map.entry("inter_mlp_ratio", "0"),
            Map.entry("transformer_readout", "qka"),
            Map.entry("gate_type", "dense"),
            Map.entry("asymmetric_qk", "false"),
            Map.entry("no_feedback", "false"),
            Map.entry("no_spectral_clip", "false"),
            Map.entry("use_layernorm", "false"),
            Map.entry("no_k_state", "false"));

    private Unsupported() {}

    /**
     * @throws ConfigException if a field has a value that would need another model
     */
    static void check(Map<String, Object> description) {
        ONLY.forEach((name, supported) -> {
            String value = String.valueOf(description.getOrDefault(name, supported));
            if (!value.equals(supported) && !value.equals(supported + ".0")) {
                throw new ConfigException("configuration: " + name + " '" + value + "' is not supported; expected " + supported);
            }
        });
    }
}
