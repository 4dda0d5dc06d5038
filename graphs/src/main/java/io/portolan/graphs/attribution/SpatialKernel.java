package io.portolan.graphs.attribution;

import java.util.List;
import java.util.Map;

/**
 * A cell's spatial kernel.
 *
 * @param name in the checkpoint
 * @param channels the weights of each channel
 * @param magnitude of the spectrum before the squash, over frequencies (H, F), the mean over channels
 * @param squashed the same after the squash
 * @param footprints for numbers of steps n: what n applications make of a single point at the origin, over the map
 *     (H, W), the mean over channels of the magnitude
 */
public record SpatialKernel(
        String name, List<Plane> channels, Plane magnitude, Plane squashed, Map<Integer, Plane> footprints) {

    /** The mean of all channels' weights. */
    public Plane mean() {
        return Plane.mean(channels);
    }
}
