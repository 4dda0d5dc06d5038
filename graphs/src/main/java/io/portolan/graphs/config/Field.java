package io.portolan.graphs.config;

import java.util.Arrays;
import java.util.Optional;

/** The fields of a configuration with the reference's names, in display order. */
public enum Field {
    CELL("cssm_type", "hgru_bi"),
    CHANNELS("embed_dim", "32"),
    DEPTH("depth", "1"),
    KERNEL_SIZE("kernel_size", "15"),
    CLASSES("num_classes", "2"),
    NORM("norm_type", "layer"),
    POSITIONS("pos_embed", "spatiotemporal"),
    ACTIVATION("act_type", "softplus"),
    POOLING("pool_type", "mean"),
    FRAME_READOUT("frame_readout", "last"),
    FRAMES("seq_len", "8"),
    INPUT("input", "image"),
    IMAGE_SIZE("image_size", null);

    private final String label;
    private final String referenceDefault;

    Field(String label, String referenceDefault) {
        this.label = label;
        this.referenceDefault = referenceDefault;
    }

    /** The field's name in JSON and on the command line. */
    public String label() {
        return label;
    }

    /** SimpleCSSM's default; empty if SimpleCSSM has no such field. */
    Optional<String> referenceDefault() {
        return Optional.ofNullable(referenceDefault);
    }

    static Optional<Field> named(String label) {
        return Arrays.stream(values())
                .filter(field -> field.label.equals(label))
                .findFirst();
    }
}
