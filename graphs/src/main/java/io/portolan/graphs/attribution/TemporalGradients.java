package io.portolan.graphs.attribution;

import java.util.List;

/**
 * The gradients of a class's logit by each frame of the input.
 *
 * @param maps for each frame and pixel, {@code |∂logit/∂input|} summed over colours
 */
public record TemporalGradients(List<Plane> maps) {

    /** The sum of each frame's map. */
    public double[] perFrame() {
        return maps.stream().mapToDouble(Plane::sum).toArray();
    }

    /** The cumulative share of the total up to and including each frame; 1 at the last. */
    public double[] cumulative() {
        double[] shares = perFrame();
        for (int t = 1; t < shares.length; t++) {
            shares[t] += shares[t - 1];
        }
        double whole = shares[shares.length - 1];
        for (int t = 0; t < shares.length; t++) {
            shares[t] = whole == 0 ? 0 : shares[t] / whole;
        }
        return shares;
    }
}
