package io.portolan.graphs.cells;

/**
 * The shape of what a cell works on, {@code (B, T, H, W, C)} for any batch size B.
 *
 * @param steps T
 * @param height H
 * @param width W
 * @param channels C, even
 */
public record FeatureMap(int steps, int height, int width, int channels) {
    /** F, the columns of the half spectrum of a real map. */
    public int halfWidth() {
        return width / 2 + 1;
    }

    /** Entries of the half spectrum of a real map, and so the width of a gate. */
    public int frequencies() {
        return height * halfWidth();
    }
}
