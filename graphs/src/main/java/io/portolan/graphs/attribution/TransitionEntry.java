package io.portolan.graphs.attribution;

import java.util.Optional;

/**
 * An entry of a transition matrix by the weights only.
 *
 * @param symbols the entry as the cell's equations write it
 * @param bounds of its magnitude; empty if the entry is not a product of gates and kernels
 */
public record TransitionEntry(String symbols, Optional<Bounds> bounds) {
    /**
     * The magnitude of an entry.
     *
     * @param low no image can make it smaller
     * @param value with every gate at its {@linkplain GateSummary#value value} and every kernel at the mean magnitude of
     *     its spectrum, over channels and frequencies
     * @param high no image can make it larger, at any frequency and in any channel
     */
    public record Bounds(double low, double value, double high) {
        static final Bounds ONE = new Bounds(1, 1, 1);

        Bounds times(Bounds that) {
            return new Bounds(low * that.low, value * that.value, high * that.high);
        }
    }
}
