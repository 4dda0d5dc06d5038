package io.portolan.graphs.attribution;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The receptive field of the middle of a cell's map in the image, step by step.
 *
 * @param maps after each step and for each pixel, the magnitude of the gradient of the cell's states in the middle of
 *     the map, summed over states and channels, by the pixel, summed over its colours and all frames
 */
public record ReceptiveField(List<Plane> maps) {
    /**
     * As in Luo et al., "Understanding the effective receptive field", 2016: all but two standard deviations of a
     * Gaussian.
     */
    private static final double NEGLIGIBLE = 1 - 0.9545;

    /** After each step, the share of the image's pixels whose gradient is at least 4.55 % of the largest. */
    public double[] extents() {
        return maps.stream().mapToDouble(ReceptiveField::extent).toArray();
    }

    private static double extent(Plane map) {
        double bound = NEGLIGIBLE * map.largest();
        long heard = IntStream.range(0, map.values().length)
                .filter(i -> map.values()[i] >= bound && map.values()[i] > 0)
                .count();
        return (double) heard / map.values().length;
    }
}
