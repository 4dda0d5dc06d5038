package io.portolan.graphs.attribution;

import java.util.List;

/**
 * How much a class's logit depends on each frame.
 *
 * @param maps for each frame and pixel the sum over colours of {@code |∂logit/∂input|}
 */
public record TemporalGradients(List<Plane> maps) {

    /** For each frame the sum over its map. */
    public double[] perFrame() {
        return maps.stream().mapToDouble(Plane::sum).toArray();
    }

    /** For each frame the share of the whole that it and those before it make up; 1 at the last. */
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
