package io.portolan.graphs.config;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The options of the reference's revisions up to 0979b26, and what they mean for the models that are built here. They
 * are fields of SimpleCSSM, by their names in a configuration file, and arguments of the training program, which stores
 * its whole command line. An option that is not listed may change the model, so it is refused.
 */
final class ReferenceOptions {
    /** Options that do not change what a trained model computes, grouped by reason. */
    private static final Set<String> HARMLESS = Stream.of(
                    // Options that compute the same function in another precision or order.
                    "no_goom use_goom no_log use_log use_complex32 use_complex16 use_ssd scan_mode ssd_chunk_size rope_mode block_size"
                            + " no_jit_cache xla_flags bf16 force_multi_gpu",
                    // Options of other architectures.
                    "mixing no_concat_xy gate_activation patch_size stem_stride no_pos_embed no_temporal_attn temporal_attn_every"
                            + " use_dwconv output_act layer_scale_init gate_rank readout_state pre_output_act pooling_mode readout_act",
                    // Always on, whatever is said.
                    "spectral_clip",
                    // Sizes of the data.
                    "seq_len_min variable_seq_len",
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

    private static final Map<String, String> NEGATED = Map.of(
            "no_input_gates", ModelOption.USE_INPUT_GATES.label(),
            "no_spectral_l2_norm", ModelOption.USE_SPECTRAL_L2_NORM.label(),
            "qkv_conv_full", ModelOption.QKV_CONV_SEPARABLE.label());

    private static final Set<String> OTHER_STEMS = Set.of("conv", "patch");
    private static final Pattern SIZE_IN_NAME = Pattern.compile("(?:gdn|deltanet)_d([23])");

    private static final String BATCH_STATISTICS_IN_EVALUATION = "bn_train_mode";

    private ReferenceOptions() {}

    /**
     * A description under the names of the model's fields. The training program calls some otherwise, or has arguments
     * that negate them; it also takes a stem of another architecture for the default one, and has names of cells that
     * stand for a size.
     */
    static Map<String, Object> inFieldNames(Map<String, Object> description) {
        Map<String, Object> named = new LinkedHashMap<>();
        description.forEach((name, value) -> {
            if (!isUnset(value)) {
                String field = NEGATED.get(name);
                named.put(
                        field == null ? name : field,
                        field == null ? canonical(value) : String.valueOf(!"true".equals(canonical(value))));
            }
        });
        if (OTHER_STEMS.contains(String.valueOf(named.get(ModelOption.STEM_MODE.label())))) {
            named.put(ModelOption.STEM_MODE.label(), "default");
        }
        for (String label : List.of(CELL_ARGUMENT, Field.CELL.label())) {
            Matcher size = SIZE_IN_NAME.matcher(String.valueOf(named.get(label)));
            if (size.matches()) {
                named.put(ModelOption.DELTA_KEY_DIM.label(), size.group(1));
            }
        }
        return named;
    }

    /**
     * Refuses unknown options.
     *
     * @throws ConfigException with all unknown options
     */
    static void requireKnown(Map<String, Object> description, Architecture architecture) {
        String unknown = description.entrySet().stream()
                .filter(option -> !isUnset(option.getValue()) && !isKnown(option.getKey(), architecture))
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

    private static boolean isKnown(String name, Architecture architecture) {
        return HARMLESS.contains(name)
                || NEGATED.containsKey(name)
                || name.equals(CELL_ARGUMENT)
                || name.equals(Architecture.LABEL)
                || name.equals(BATCH_STATISTICS_IN_EVALUATION)
                || architecture == Architecture.HGRU && HgruConfig.OWN_FIELDS.contains(name)
                || Field.named(name).isPresent()
                || ModelOption.named(name).isPresent();
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
