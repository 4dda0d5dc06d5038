package io.portolan.graphs.config;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The settings of the laboratory's published checkpoints, which do not contain them: one row each. What they leave out
 * is in the checkpoint's arrays.
 */
public enum Preset {
    // spotless:off
    /** {@code transformer_cssm_kqv64_epoch20.pkl}. */
    KQV64(CellType.TRANSFORMER, PositionMode.SPATIOTEMPORAL, Map.of(Field.CHANNELS, 64, Field.KERNEL_SIZE, 15)),
    /** The same with 128 channels. */
    KQV128(CellType.TRANSFORMER, PositionMode.SPATIOTEMPORAL, Map.of(Field.CHANNELS, 128, Field.KERNEL_SIZE, 15)),
    /** {@code AA/epoch_15}. */
    AA(CellType.HGRU_BI, PositionMode.SPATIOTEMPORAL, Map.of(Field.CHANNELS, 32, Field.KERNEL_SIZE, 15)),
    /** {@code KQV_sinusoidal/epoch_15}, whose sizes are not recorded anywhere else than in its arrays. */
    KQV_SINUSOIDAL(CellType.TRANSFORMER, PositionMode.SINUSOIDAL, Map.of());
    // spotless:on

    private static final Map<Field, Object> COMMON = Map.of(
            Field.NORM, NormType.LAYER.label(),
            Field.ACTIVATION, ActivationType.SOFTPLUS.label(),
            Field.POOLING, Pooling.MEAN.label(),
            Field.FRAME_READOUT, FrameReadout.LAST.label(),
            Field.FRAMES, 8,
            Field.IMAGE_SIZE, 224);

    private final CellType cell;
    private final PositionMode positions;
    private final Map<Field, Object> sizes;

    Preset(CellType cell, PositionMode positions, Map<Field, Object> sizes) {
        this.cell = cell;
        this.positions = positions;
        this.sizes = sizes;
    }

    /** The settings as a configuration file would state them. */
    public Map<String, Object> description() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(Field.CELL.label(), cell.label());
        fields.put(Field.POSITIONS.label(), positions.label());
        sizes.forEach((field, value) -> fields.put(field.label(), value));
        COMMON.forEach((field, value) -> fields.put(field.label(), value));
        return fields;
    }

    /** The name on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
