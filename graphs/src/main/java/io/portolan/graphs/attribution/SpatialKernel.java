package io.portolan.graphs.attribution;

import java.util.List;
import java.util.Map;

/**
 * A cell's spatial kernel.
 *
 * @param name the kernel's name in the checkpoint
 * @param channels the weights of each channel
 * @param magnitude magnitude of the spectrum before the squash, over frequencies (H, F), averaged over channels
 * @param squashed the same after the squash, if the cell has one
 * @param largestApplied the largest magnitude of any channel and frequency by which states are multiplied
 * @param footprints by number of steps n, the magnitude of n applications of the kernel to a single point at the
 *     origin, over the map (H, W), averaged over channels
 */
public record SpatialKernel(
        String name,
        List<Plane> channels,
        Plane magnitude,
        Plane squashed,
        double largestApplied,
        Map<Integer, Plane> footprints) {

    /** The largest magnitude of any weight. */
    public double largestWeight() {
        return channels.stream().mapToDouble(Plane::largest).max().orElse(0);
    }

    /** The mean of all channels' weights. */
    public Plane mean() {
        return Plane.mean(channels);
    }
}
