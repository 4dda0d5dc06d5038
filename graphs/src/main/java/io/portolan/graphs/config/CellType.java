package io.portolan.graphs.config;

import static io.portolan.graphs.config.CellFacts.named;
import static io.portolan.graphs.config.Revision.FEBRUARY;
import static io.portolan.graphs.config.Revision.JANUARY;
import static io.portolan.graphs.config.Revision.MARCH;
import static io.portolan.graphs.config.Revision.MAY;

import io.portolan.checkpoints.ParameterTree;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The kinds of cells: one row each with the names that the reference has for it, the revisions that can train a model of it,
 * the arrays that it is recognised by, and the array that shows the side of its spatial kernels. A gate's name stands for any of its {@linkplain GateType
 * forms}; a name behind a minus must be absent. {@code docs/adding-a-cell.md} shows what else a cell needs.
 */
public enum CellType implements Choice {
    // spotless:off
    TRANSFORMER(named("transformer", "kqv").of(JANUARY, FEBRUARY, MAY).by("input_proj decay_Q decay_A").kernel("kernel")),
    HGRU_BI(named("hgru_bi").of(JANUARY, FEBRUARY).by("k_exc E_gate").kernel("k_exc")),
    GATED(named("gated").of(JANUARY, FEBRUARY).by("delta_gate kernel -k_exc").kernel("kernel")),
    SPECTRAL_MAMBA(named("spectral_mamba", "gated").since(MARCH).by("in_proj delta_proj kernel").kernel("kernel")),
    NO_GATE(named("no_gate").of(MAY).by("kernel out_proj -in_proj").kernel("kernel")),
    ADD_KQV(named("add_kqv").since(FEBRUARY).by("qkv_proj w_kq -beta").kernel("kernel")),
    ADD_KQV_2(named("add_kqv_2").since(FEBRUARY).by("qv_proj").kernel("kernel")),
    ADD_KQV_1(named("add_kqv_1").since(FEBRUARY).by("x_proj").kernel("kernel")),
    ADD_DELTA(named("add_delta").since(MARCH).by("qkv_proj w_kq beta").kernel("kernel")),
    GDN(named("gdn", "gdn_d2", "gdn_d3").since(MARCH).by("qkv_proj gate_proj kernel -attn_gamma").kernel("kernel")),
    GDN_INT(named("gdn_int").since(MARCH).by("qkv_proj attn_gamma attn_kernel").kernel("kernel")),
    GDN_INT_ELEM(named("gdn_int_elem").since(MARCH).by("qkv_proj attn_gamma attn_collapse -attn_kernel").kernel("kernel")),
    GDN_INT_QK(named("gdn_int_qk").since(MARCH).by("qkv_proj attn_gamma attn_q").kernel("kernel")),
    DELTANET(named("deltanet").since(MARCH).by("qkv_proj alpha B_k output_proj kernel -gate_proj").kernel("kernel")),
    DELTANET_MATRIX(named("deltanet_matrix", "deltanet_d2", "deltanet_d3").since(MARCH).by("mat_deltanet_output_proj").kernel("kernel")),
    MULT_TRANSFORMER(named("mult_transformer").of(FEBRUARY).by("ln_gamma_v").kernel("kernel_k")),
    G_TRANSFORMER(named("g_transformer").of(FEBRUARY).by("qkv_proj B_K -w_kq -ln_gamma -ln_gamma_v").kernel("kernel_k", "kernel")),
    MG_TRANSFORMER(named("mg_transformer").of(FEBRUARY).by("q_conv_kernel").kernel("kernel_k", "kernel")),
    SPECTRAL_TRANSFORMER(named("spectral_transformer").of(FEBRUARY).by("kernel_q ln_gamma").kernel("kernel_k")),
    NO_FFT(named("no_fft").of(MAY).by("in_proj A_logit delta_proj")),
    CONV_SSM(named("conv_ssm").of(MAY).by("spatial_conv A_logit").convolution("spatial_conv/kernel")),
    SPATIAL_ATTN(named("spatial_attn").since(MARCH).by("attn_qkv -t_attn_qkv")),
    SPATIOTEMPORAL_ATTN(named("spatiotemporal_attn").since(MARCH).by("attn_qkv t_attn_qkv")),
    GDN_SEQ(named("gdn_seq").since(MARCH).by("qkv_proj gate_proj -kernel")),
    MAMBA2_SEQ(named("mamba2_seq").since(MARCH).by("A_log dt_proj")),
    CONVS5(named("convs5").of(MAY).by("a_log B_conv").convolution("B_conv/kernel")),
    S4ND(named("s4nd").of(MAY).by("kH/Lambda_imag")),
    S4ND_FULL(named("s4nd_full").of(MAY).by("kH/P"));
    // spotless:on

    private final CellFacts facts;

    CellType(CellFacts facts) {
        this.facts = facts;
    }

    /** The cell's name here; the reference may have others for it. */
    @Override
    public String label() {
        return facts.names().get(0);
    }

    /** The names that the reference has for it, the first being its name here. */
    List<String> names() {
        return facts.names();
    }

    /** The revisions of the reference that can train a model of such cells. */
    Set<Revision> revisions() {
        return facts.revisions();
    }

    /** Names of arrays that it is recognised by; behind a minus, names that it does not have. */
    List<String> signature() {
        return facts.signature();
    }

    /** Whether the reference calls it so, in one revision at least. */
    boolean isCalled(String name) {
        return facts.names().contains(name);
    }

    /** The side of the spatial kernels as stored; empty if it has none. */
    Optional<Long> kernelSize(ParameterTree cell) {
        return facts.kernelSize(cell);
    }

    /** Whether it has spatial kernels, whose side a configuration gives. */
    boolean hasKernel() {
        return facts.hasKernel();
    }

    /**
     * The cell that has these arrays.
     *
     * @throws ConfigException if none has
     */
    static CellType of(ParameterTree cell) {
        return Arrays.stream(values())
                .filter(type -> type.facts.fits(cell))
                .findFirst()
                .orElseThrow(() -> new ConfigException(
                        "no supported cell has the arrays under 'cssm_0': " + String.join(", ", cell.children())
                                + "; the supported cells are " + String.join(", ", labels())));
    }

    /**
     * The cell that is called so; of two revisions' cells of one name, the older.
     *
     * @throws ConfigException if there is none
     */
    static CellType called(String name) {
        return Arrays.stream(values())
                .filter(type -> type.isCalled(name))
                .findFirst()
                .orElseThrow(() -> new ConfigException("configuration: " + Field.CELL.label() + " '" + name
                        + "' is not one of " + String.join(", ", labels())));
    }

    private static List<String> labels() {
        return Arrays.stream(values()).map(CellType::label).toList();
    }
}
