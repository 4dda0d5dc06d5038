package io.portolan.checkpoints;

import java.util.List;
import java.util.Objects;

/**
 * The detected format of a file.
 *
 * @param format the format of the checkpoint
 * @param variant the format with details, such as {@code pickle protocol 4}
 * @param layers its containers, outermost first, such as {@code gzip} and {@code tar}; empty for a bare file
 */
public record DetectedFormat(CheckpointFormat format, String variant, List<String> layers) {

    public DetectedFormat {
        Objects.requireNonNull(format);
        Objects.requireNonNull(variant);
        layers = List.copyOf(layers);
    }

    /** A description, such as {@code pickle protocol 4 in tar in gzip}. */
    @Override
    public String toString() {
        StringBuilder words = new StringBuilder(variant);
        for (int i = layers.size() - 1; i >= 0; i--) {
            words.append(" in ").append(layers.get(i));
        }
        return words.toString();
    }
}
