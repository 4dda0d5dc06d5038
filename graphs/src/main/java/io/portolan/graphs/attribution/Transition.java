package io.portolan.graphs.attribution;

import java.util.List;

/**
 * A cell's transition matrix M, averaged over samples and steps.
 *
 * @param magnitudes the magnitudes of its entries, row by row: {@code |M_ij|} averaged over channels and frequencies
 * @param radius the spectral radius at every frequency (H, F), averaged over channels
 * @param largestRadius the same, as the maximum over channels
 */
public record Transition(List<List<Double>> magnitudes, Plane radius, Plane largestRadius) {}
