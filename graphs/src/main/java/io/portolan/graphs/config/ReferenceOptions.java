package io.portolan.graphs.config;

import static io.portolan.graphs.config.CellType.GATED;
import static io.portolan.graphs.config.CellType.TRANSFORMER;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The options of the reference's revisions up to 0979b26, and what they mean for the models that are built here. They
 * are fields of SimpleCSSM, by their names in a configuration file, and arguments of the training program, which stores
 * its whole command line. An option that is not listed may change the model, so it is refused.
 */
final class ReferenceOptions {
    /** Options that change the model, each with the values that give the model that is built here. */
    private enum ModelOption {
        /** The training program replaces values of other architectures by {@code default}. */
        STEM_MODE("stem_mode", "default", "conv", "patch"),
        STEM_LAYERS("stem_layers", "2"),
        STEM_NORM_ORDER("stem_norm_order", "post"),
        REGISTER_TOKENS("n_register_tokens", "0"),
        READOUT_NORM("readout_norm", "pre"),
        INTER_MLP_RATIO("inter_mlp_ratio", "0"),
        POSITION_INDEPENDENT_GATES("position_independent_gates", "false"),
        /** The training program has other architectures too; this one is SimpleCSSM. */
        ARCHITECTURE("arch", "simple"),

        ASYMMETRIC_QK(EnumSet.of(TRANSFORMER), "asymmetric_qk", "false"),
        NO_FEEDBACK(EnumSet.of(TRANSFORMER), "no_feedback", "false"),
        NO_SPECTRAL_CLIP(EnumSet.of(TRANSFORMER), "no_spectral_clip", "false"),
        USE_LAYERNORM(EnumSet.of(TRANSFORMER), "use_layernorm", "false"),
        NO_K_STATE(EnumSet.of(TRANSFORMER), "no_k_state", "false"),
        TRANSFORMER_READOUT(EnumSet.of(TRANSFORMER), "transformer_readout", "qka"),
        GATE_TYPE(EnumSet.of(GATED), "gate_type", "dense");

        private final Set<CellType> cells;
        private final String label;
        private final List<String> supported;

        ModelOption(String label, String... supported) {
            this(EnumSet.allOf(CellType.class), label, supported);
        }

        ModelOption(Set<CellType> cells, String label, String... supported) {
            this.cells = cells;
            this.label = label;
            this.supported = List.of(supported);
        }

        /** The reason why a description is not supported; empty if it is, or if its cell has no such option. */
        private Optional<String> objection(Map<String, Object> description, CellType cell) {
            if (!cells.contains(cell) || isUnset(description.get(label))) {
                return Optional.empty();
            }
            String value = canonical(description.get(label));
            return supported.contains(value)
                    ? Optional.empty()
                    : Optional.of(label + " '" + value + "' (supported: " + String.join(", ", supported) + ")");
        }
    }

    /** Options that do not change what a trained model computes, grouped by reason. */
    private static final Set<String> HARMLESS = Stream.of(
                    // Options that compute the same function in another precision or order.
                    "no_goom use_goom no_log use_log use_complex32 use_complex16 use_ssd scan_mode ssd_chunk_size rope_mode block_size"
                            + " no_jit_cache xla_flags bf16 force_multi_gpu",
                    // Options of other architectures.
                    "mixing no_concat_xy gate_activation patch_size stem_stride no_pos_embed no_temporal_attn temporal_attn_every"
                            + " use_dwconv output_act layer_scale_init gate_rank readout_state pre_output_act pooling_mode readout_act",
                    // Options of other cells, which show in the arrays.
                    "learned_init short_conv_size short_conv_spatial_size output_norm no_input_gates use_input_gates output_gate_act"
                            + " no_spectral_l2_norm use_spectral_l2_norm qkv_conv_size qkv_conv_full qkv_conv_separable"
                            + " cross_freq_conv_size no_spectral_clamp delta_key_dim attn_kernel_size int_attn_dim num_heads mlp_ratio"
                            + " state_dim expand_factor flatten_mode s4nd_d_state s4nd_bidirectional convs5_state_dim convs5_num_groups"
                            + " shared_kernel additive_kv spectral_clip q_temporal q_spatial",
                    // Sizes that the arrays show, or sizes of the data.
                    "max_seq_len seq_len_min variable_seq_len",
                    // Training, data and bookkeeping.
                    "drop_path_rate label_smoothing batch_size num_workers prefetch_batches epochs early_stopping_patience lr"
                            + " weight_decay grad_clip optimizer run_name project checkpoint_dir log_every eval_every save_every"
                            + " save_best_only checkpointer dataset data_dir imagenet_dir pathtracker_dir pathfinder_difficulty"
                            + " cabc_difficulty tfrecord_dir resume resume_epoch seed no_wandb warmup_steps warmup_epochs"
                            + " val_accuracy val_loss")
            .flatMap(names -> Arrays.stream(names.split(" ")))
            .collect(Collectors.toUnmodifiableSet());

    /** The training program's name for {@link Field#CELL}. */
    static final String CELL_ARGUMENT = "cssm";

    private static final String BATCH_STATISTICS_IN_EVALUATION = "bn_train_mode";

    private ReferenceOptions() {}

    /**
     * Refuses the description of a model that is not built here.
     *
     * @throws ConfigException with all options that need another model
     */
    static void requireSupported(Map<String, Object> description, CellType cell) {
        List<String> unsupported = new ArrayList<>();
        for (ModelOption option : ModelOption.values()) {
            option.objection(description, cell).ifPresent(unsupported::add);
        }
        if (!unsupported.isEmpty()) {
            throw new ConfigException(
                    "configuration: the model needs unsupported options: " + String.join("; ", unsupported));
        }
    }

    /**
     * Refuses unknown options.
     *
     * @throws ConfigException with all unknown options
     */
    static void requireKnown(Map<String, Object> description) {
        String unknown = description.entrySet().stream()
                .filter(option -> !isUnset(option.getValue()) && !isKnown(option.getKey()))
                .map(option -> option.getKey() + "=" + canonical(option.getValue()))
                .collect(Collectors.joining(", "));
        if (!unknown.isEmpty()) {
            throw new ConfigException("configuration: unknown options, which might change the model: " + unknown
                    + ". If they do not, describe the model without them in a configuration file");
        }
    }

    /** Remarks on options that do not change a trained model but that a user should know of. */
    static List<String> remarks(Map<String, Object> description) {
        return "true".equals(canonical(description.get(BATCH_STATISTICS_IN_EVALUATION)))
                ? List.of(BATCH_STATISTICS_IN_EVALUATION
                        + ": the reference evaluated this model with the statistics of each batch;"
                        + " here it uses the running ones")
                : List.of();
    }

    private static boolean isKnown(String name) {
        return HARMLESS.contains(name)
                || name.equals(CELL_ARGUMENT)
                || name.equals(BATCH_STATISTICS_IN_EVALUATION)
                || Field.named(name).isPresent()
                || NormNames.isOption(name)
                || Arrays.stream(ModelOption.values()).anyMatch(option -> option.label.equals(name));
    }

    /** Whether an option is unset, which the reference writes as null or an empty string. */
    static boolean isUnset(Object value) {
        return value == null || value.equals("");
    }

    /** A value as text; 0, 0.0 and "0" give the same. */
    static String canonical(Object value) {
        String text = String.valueOf(value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
