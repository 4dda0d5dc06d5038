package io.portolan.graphs.attribution;

import java.util.List;
import java.util.Map;

/**
 * A cell's spatial kernel.
 *
 * @param name the kernel's name in the checkpoint
 * @param channels the weights of each channel
 * @param magnitude magnitude of the spectrum before the squash, over frequencies (H, F), averaged over channels
 * @param squashed the same after the squash
 * @param footprints by number of steps n, the magnitude of n applications of the kernel to a single point at the
 *     origin, over the map (H, W), averaged over channels
 */
public record SpatialKernel(
        String name, List<Plane> channels, Plane magnitude, Plane squashed, Map<Integer, Plane> footprints) {

    /** The mean of all channels' weights. */
    public Plane mean() {
        return Plane.mean(channels);
    }
}
