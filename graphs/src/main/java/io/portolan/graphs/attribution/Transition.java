package io.portolan.graphs.attribution;

import java.util.List;

/**
 * A cell's transition matrix M, the mean over samples and steps.
 *
 * @param magnitudes of its entries, row by row: the mean over channels and frequencies of {@code |M_ij|}
 * @param radius the spectral radius at every frequency (H, F), the mean over channels
 * @param largestRadius the same, the largest of all channels
 */
public record Transition(List<List<Double>> magnitudes, Plane radius, Plane largestRadius) {}
