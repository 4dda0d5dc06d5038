package io.portolan.graphs.config;

import static io.portolan.graphs.config.CellType.ADD_DELTA;
import static io.portolan.graphs.config.CellType.ADD_KQV;
import static io.portolan.graphs.config.CellType.ADD_KQV_1;
import static io.portolan.graphs.config.CellType.ADD_KQV_2;
import static io.portolan.graphs.config.CellType.CONVS5;
import static io.portolan.graphs.config.CellType.DELTANET;
import static io.portolan.graphs.config.CellType.DELTANET_MATRIX;
import static io.portolan.graphs.config.CellType.GDN;
import static io.portolan.graphs.config.CellType.GDN_INT;
import static io.portolan.graphs.config.CellType.GDN_INT_ELEM;
import static io.portolan.graphs.config.CellType.GDN_INT_QK;
import static io.portolan.graphs.config.CellType.GDN_SEQ;
import static io.portolan.graphs.config.CellType.G_TRANSFORMER;
import static io.portolan.graphs.config.CellType.MAMBA2_SEQ;
import static io.portolan.graphs.config.CellType.MG_TRANSFORMER;
import static io.portolan.graphs.config.CellType.MULT_TRANSFORMER;
import static io.portolan.graphs.config.CellType.NO_FFT;
import static io.portolan.graphs.config.CellType.S4ND;
import static io.portolan.graphs.config.CellType.S4ND_FULL;
import static io.portolan.graphs.config.CellType.SPATIAL_ATTN;
import static io.portolan.graphs.config.CellType.SPATIOTEMPORAL_ATTN;
import static io.portolan.graphs.config.CellType.SPECTRAL_MAMBA;
import static io.portolan.graphs.config.CellType.TRANSFORMER;
import static io.portolan.graphs.config.Revision.FEBRUARY;
import static io.portolan.graphs.config.Revision.MARCH;
import static io.portolan.graphs.config.Revision.MAY;
import static io.portolan.graphs.config.Values.count;
import static io.portolan.graphs.config.Values.flag;
import static io.portolan.graphs.config.Values.labelsOf;
import static io.portolan.graphs.config.Values.odd;
import static io.portolan.graphs.config.Values.oneOf;
import static io.portolan.graphs.config.Values.positive;
import static io.portolan.graphs.config.Values.ratio;

import io.portolan.checkpoints.ParameterTree;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Options that change a SimpleCSSM or one of its cells, besides the {@linkplain Field fields} that every configuration
 * has: one row each with the reference's name, the revision that has it first, its default, the values, the cells that have it, and what a checkpoint's
 * arrays show of it.
 */
public enum ModelOption {
    // spotless:off
    STEM_MODE("stem_mode", FEBRUARY, "default", oneOf("default", "pathtracker"), Traces::stemMode),
    STEM_LAYERS("stem_layers", FEBRUARY, "2", count(), Traces::stemLayers),
    STEM_NORM_ORDER("stem_norm_order", FEBRUARY, "post", oneOf("post", "pre"), Traces::stemNormOrder),
    /** Empty for the model's norm. */
    STEM_NORM("stem_norm", FEBRUARY, "", labelsOf(NormType.class)),
    /** Empty for the model's norm. */
    BODY_NORM("body_norm", FEBRUARY, "", labelsOf(NormType.class)),
    READOUT_NORM("readout_norm", FEBRUARY, "pre", oneOf("pre", "post")),
    REGISTER_TOKENS("n_register_tokens", FEBRUARY, "0", count(), Traces::registerTokens),
    /** Whether norm and activation stand between two cells, as in revisions after fdc9b22. */
    BETWEEN_CELLS("between_cells", FEBRUARY, "none", oneOf("none", "norm"), Traces::betweenCells),
    INTER_MLP_RATIO("inter_mlp_ratio", MARCH, "0.0", ratio(), Traces::interMlpRatio),
    TIME_TABLE("max_seq_len", FEBRUARY, "32", count(), Traces::timeTable),

    GATE_TYPE("gate_type", FEBRUARY, "dense", labelsOf(GateType.class), Cells.WITH_GATE_TYPES, Traces::gateType),
    LEARNED_INIT("learned_init", FEBRUARY, "false", flag(), Cells.WITH_LEARNED_INIT, tree -> Traces.flagged(tree, "init_real")),
    POSITION_INDEPENDENT_GATES("position_independent_gates", FEBRUARY, "false", flag(), Cells.TRANSFORMERS),

    ASYMMETRIC_QK("asymmetric_qk", FEBRUARY, "false", flag(), EnumSet.of(TRANSFORMER), tree -> Traces.flagged(tree, "w_k_to_q")),
    NO_FEEDBACK("no_feedback", FEBRUARY, "false", flag(), EnumSet.of(TRANSFORMER), tree -> Traces.missing(tree, "alpha")),
    NO_K_STATE("no_k_state", FEBRUARY, "false", flag(), EnumSet.of(TRANSFORMER), tree -> Traces.missing(tree, "decay_K")),
    USE_LAYERNORM("use_layernorm", FEBRUARY, "false", flag(), EnumSet.of(TRANSFORMER), tree -> Traces.flagged(tree, "ln_gamma")),
    NO_SPECTRAL_CLIP("no_spectral_clip", FEBRUARY, "false", flag(), EnumSet.of(TRANSFORMER)),
    TRANSFORMER_READOUT("transformer_readout", FEBRUARY, "qka", oneOf("qka", "qk", "qa", "ka", "q", "k", "a"), EnumSet.of(TRANSFORMER), Traces::transformerReadout),

    SHORT_CONV_SIZE("short_conv_size", MARCH, "4", count(), Cells.WITH_SHORT_CONV, Traces::shortConv),
    SHORT_CONV_SPATIAL_SIZE("short_conv_spatial_size", MAY, "3", count(), EnumSet.of(SPECTRAL_MAMBA, NO_FFT), Traces::shortConvSpatial),

    DELTA_KEY_DIM("delta_key_dim", MARCH, "2", positive(), Cells.WITH_HEADS, Traces::keyDim),
    QKV_CONV_SIZE("qkv_conv_size", MARCH, "1", count(), Cells.GATED_DELTA, Traces::qkvConv),
    QKV_CONV_SEPARABLE("qkv_conv_separable", MARCH, "true", flag(), Cells.GATED_DELTA, Traces::qkvSeparable),
    USE_INPUT_GATES("use_input_gates", MARCH, "true", flag(), Cells.GATED_DELTA, tree -> Traces.flagged(tree, "B_k")),
    USE_SPECTRAL_L2_NORM("use_spectral_l2_norm", MARCH, "true", flag(), Cells.GATED_DELTA),
    NO_SPECTRAL_CLAMP("no_spectral_clamp", MARCH, "false", flag(), Cells.GATED_DELTA),
    CROSS_FREQ_CONV_SIZE("cross_freq_conv_size", MARCH, "0", count(), Cells.GATED_DELTA, Traces::crossFrequency),
    OUTPUT_NORM("output_norm", MARCH, "rms", oneOf("rms", "layer", "none"), Cells.GATED_DELTA, Traces::outputNorm),
    OUTPUT_GATE_ACT("output_gate_act", MARCH, "silu", oneOf("silu", "sigmoid"), Cells.GATED_DELTA),
    ATTN_KERNEL_SIZE("attn_kernel_size", MARCH, "7", count(), EnumSet.of(GDN_INT), tree -> Traces.side(tree, "attn_kernel", 2)),
    INT_ATTN_DIM("int_attn_dim", MARCH, "16", count(), EnumSet.of(GDN_INT_QK), tree -> Traces.side(tree, "attn_q/bias", 0)),

    /** No default: the reference's command line and its class have different ones. */
    NUM_HEADS("num_heads", MARCH, null, count(), EnumSet.of(SPATIAL_ATTN, SPATIOTEMPORAL_ATTN)),
    MLP_RATIO("mlp_ratio", MARCH, "4.0", ratio(), EnumSet.of(SPATIAL_ATTN, SPATIOTEMPORAL_ATTN), Traces::mlpRatio),

    STATE_DIM("state_dim", MARCH, "16", count(), EnumSet.of(MAMBA2_SEQ), tree -> Traces.side(tree, "B_proj/bias", 0)),
    EXPAND_FACTOR("expand_factor", MARCH, "2", count(), EnumSet.of(MAMBA2_SEQ), Traces::expandFactor),
    FLATTEN_MODE("flatten_mode", MARCH, "temporal_spatial", oneOf("temporal_spatial", "per_frame"), EnumSet.of(GDN_SEQ, MAMBA2_SEQ)),
    S4ND_STATE_SIZE("s4nd_d_state", MAY, "64", count(), EnumSet.of(S4ND, S4ND_FULL), Traces::s4ndStates),
    S4ND_BIDIRECTIONAL("s4nd_bidirectional", MAY, "true", flag(), EnumSet.of(S4ND, S4ND_FULL)),
    CONVS5_STATE_SIZE("convs5_state_dim", MAY, "16", count(), EnumSet.of(CONVS5), tree -> Traces.side(tree, "a_log", 0)),

    CONVS5_GROUPS("convs5_num_groups", MAY, "1", oneOf("1"), EnumSet.of(CONVS5)),

    SHARED_KERNEL("shared_kernel", FEBRUARY, "false", flag(), EnumSet.of(G_TRANSFORMER, MG_TRANSFORMER), tree -> Traces.flagged(tree, "kernel")),
    ADDITIVE_KV("additive_kv", FEBRUARY, "false", flag(), EnumSet.of(G_TRANSFORMER, MG_TRANSFORMER), tree -> Traces.missing(tree, "w_KV")),
    Q_TEMPORAL("q_temporal", FEBRUARY, "3", positive(), EnumSet.of(MG_TRANSFORMER), tree -> Traces.side(tree, "q_conv_kernel", 0)),
    Q_SPATIAL("q_spatial", FEBRUARY, "5", odd(), EnumSet.of(MG_TRANSFORMER), tree -> Traces.side(tree, "q_conv_kernel", 1));
    // spotless:on

    private final String label;
    private final Revision since;
    private final String referenceDefault;
    private final Values values;
    private final Set<CellType> cells;
    private final Function<ParameterTree, Evidence> evidence;

    ModelOption(String label, Revision since, String referenceDefault, Values values) {
        this(label, since, referenceDefault, values, EnumSet.allOf(CellType.class));
    }

    ModelOption(
            String label,
            Revision since,
            String referenceDefault,
            Values values,
            Function<ParameterTree, Evidence> evidence) {
        this(label, since, referenceDefault, values, EnumSet.allOf(CellType.class), evidence);
    }

    ModelOption(String label, Revision since, String referenceDefault, Values values, Set<CellType> cells) {
        this(label, since, referenceDefault, values, cells, tree -> Evidence.NONE);
    }

    ModelOption(
            String label,
            Revision since,
            String referenceDefault,
            Values values,
            Set<CellType> cells,
            Function<ParameterTree, Evidence> evidence) {
        this.label = label;
        this.since = since;
        this.referenceDefault = referenceDefault;
        this.values = values;
        this.cells = cells;
        this.evidence = evidence;
    }

    /** The option's name in configuration files and on the command line. */
    public String label() {
        return label;
    }

    /** The first revision of the reference that has it. */
    Revision since() {
        return since;
    }

    /** What the reference takes when nothing is said; empty where that is not certain. */
    Optional<String> referenceDefault() {
        return Optional.ofNullable(referenceDefault);
    }

    /** What to say of its values. */
    String expected() {
        return values.expected();
    }

    boolean appliesTo(CellType cell) {
        return cells.contains(cell);
    }

    /** What the arrays of a whole model with that cell show of it. */
    Evidence evidence(ParameterTree tree, CellType cell) {
        return appliesTo(cell) ? evidence.apply(tree) : Evidence.NONE;
    }

    /**
     * A value as it is kept: all texts of one number are one.
     *
     * @throws ConfigException if the option cannot have that value
     */
    String checked(String value) {
        if (value.equals(referenceDefault)) {
            return value;
        }
        if (!values.contains(value)) {
            throw new ConfigException(
                    "configuration: " + label + " '" + value + "' is not supported; expected " + values.expected());
        }
        return values.canonical(value);
    }

    static Optional<ModelOption> named(String label) {
        return Arrays.stream(values())
                .filter(option -> option.label.equals(label))
                .findFirst();
    }

    /** Families of cells that share options. */
    private static final class Cells {
        static final Set<CellType> TRANSFORMERS =
                EnumSet.of(TRANSFORMER, MULT_TRANSFORMER, G_TRANSFORMER, MG_TRANSFORMER);
        static final Set<CellType> GATED_DELTA = EnumSet.of(GDN, GDN_INT, GDN_INT_ELEM, GDN_INT_QK);
        static final Set<CellType> WITH_LEARNED_INIT = EnumSet.of(ADD_KQV, ADD_KQV_1, ADD_KQV_2, ADD_DELTA, DELTANET);
        static final Set<CellType> WITH_HEADS =
                EnumSet.of(GDN, GDN_INT, GDN_INT_ELEM, GDN_INT_QK, DELTANET_MATRIX, GDN_SEQ);
        static final Set<CellType> WITH_SHORT_CONV =
                EnumSet.of(SPECTRAL_MAMBA, NO_FFT, GDN, GDN_INT, GDN_INT_ELEM, GDN_INT_QK, GDN_SEQ, MAMBA2_SEQ);
        static final Set<CellType> WITH_GATE_TYPES = EnumSet.of(
                SPECTRAL_MAMBA,
                NO_FFT,
                ADD_KQV,
                ADD_KQV_1,
                ADD_KQV_2,
                ADD_DELTA,
                DELTANET,
                DELTANET_MATRIX,
                GDN,
                GDN_INT,
                GDN_INT_ELEM,
                GDN_INT_QK);

        private Cells() {}
    }
}
