package io.portolan.graphs.cells;

import io.portolan.graphs.config.CellType;
import io.portolan.graphs.config.ModelOption;
import io.portolan.graphs.config.Options;

/**
 * A kind of recurrent cell: from a sequence of feature maps to another. What it computes stands in its file as equations;
 * the {@link CellPlan} that it is built by decides how recurrences are solved and which frames are computed at all.
 */
public interface Cell {
    /** The symbols of the cell's equations; none for a cell that has no states at spatial frequencies to show. */
    default Notation notation() {
        return Notation.NONE;
    }

    /** The values that a gate can take; by default those of a decay, if its symbol is a d with an index, or a share. */
    default GateRange range(String gate) {
        return notation().gates().get(gate).startsWith("d_") ? GateRange.DECAY : GateRange.SHARE;
    }

    /** Whether the spectra of its kernels are squashed before they multiply the states. */
    default boolean squashesKernels() {
        return true;
    }

    /**
     * Builds the cell.
     *
     * @return its output at the steps that are {@linkplain CellBuilder#sequence read}
     */
    FeatureSequence apply(CellBuilder in, FeatureSequence x);

    /** Number of states. */
    default int states() {
        return notation().states().size();
    }

    /** Whether its output is added to its input, rather than put in its place. */
    default boolean isResidual() {
        return true;
    }

    /** Whether a model of several such cells may have a norm and an activation between them. */
    default boolean allowsNormBehind() {
        return true;
    }

    /** Whether its steps can be the iterations of a loop rather than have nodes of their own. */
    default boolean canLoop() {
        return false;
    }

    /** Returns the cell of a type with its options. */
    static Cell of(CellType type, Options options) {
        return switch (type) {
            case TRANSFORMER ->
                options.flag(ModelOption.NO_K_STATE) ? new QueryAttentionCell(options) : new TransformerCell(options);
            case HGRU_BI -> new HgruBilinearCell();
            case GATED -> new GatedCell();
            case SPECTRAL_MAMBA -> new SpectralMambaCell();
            case NO_GATE -> new NoGateCell();
            case ADD_KQV -> new AdditiveCell(AdditiveCell.Form.THREE);
            case ADD_KQV_2 -> new AdditiveCell(AdditiveCell.Form.TWO);
            case ADD_KQV_1 -> new AdditiveCell(AdditiveCell.Form.ONE);
            case ADD_DELTA -> new AdditiveCell(AdditiveCell.Form.DELTA);
            case DELTANET -> new DeltaNetCell();
            case DELTANET_MATRIX -> new MatrixDeltaNetCell();
            case MULT_TRANSFORMER -> new MultiplicativeTransformerCell();
            case G_TRANSFORMER -> new GrowingTransformerCell(GrowingTransformerCell.Query.SCAN, options);
            case MG_TRANSFORMER -> new GrowingTransformerCell(GrowingTransformerCell.Query.CONVOLUTION, options);
            case SPECTRAL_TRANSFORMER -> new SpectralTransformerCell();
            case GDN -> new GatedDeltaCell(options);
            case GDN_INT ->
                new GatedDeltaCell(
                        options,
                        new IntegratedAttention(
                                IntegratedAttention.Form.SPREAD, options.count(ModelOption.ATTN_KERNEL_SIZE), 0));
            case GDN_INT_ELEM ->
                new GatedDeltaCell(options, new IntegratedAttention(IntegratedAttention.Form.ELEMENTWISE, 0, 0));
            case GDN_INT_QK ->
                new GatedDeltaCell(
                        options,
                        new IntegratedAttention(
                                IntegratedAttention.Form.QUERY_KEY, 0, options.count(ModelOption.INT_ATTN_DIM)));
            case NO_FFT -> new NoFftCell();
            case CONV_SSM -> new ConvSsmCell();
            case SPATIAL_ATTN -> new AttentionCell(false);
            case SPATIOTEMPORAL_ATTN -> new AttentionCell(true);
            case CONVS5 -> new ConvS5Cell();
            case S4ND -> new S4ndCell(new DiagonalResponse());
            case S4ND_FULL -> new S4ndCell(new LowRankResponse());
            case GDN_SEQ -> new DeltaSequenceCell();
            case MAMBA2_SEQ -> new MambaSequenceCell();
            default -> throw new UnsupportedOperationException(type.label());
        };
    }
}
