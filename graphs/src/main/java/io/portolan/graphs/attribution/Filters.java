package io.portolan.graphs.attribution;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A convolution from channels to channels.
 *
 * @param path of its weights
 * @param ofThemselves for each channel, what it makes of itself (s, s)
 * @param mean over all pairs of channels
 */
public record Filters(String path, List<Plane> ofThemselves, Plane mean) {
    /** The last part of the path. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** @param weights {@code (s, s, channels, channels)} */
    static Filters ofPairs(String path, float[] weights, int side, int channels) {
        List<Plane> diagonal = IntStream.range(0, channels)
                .mapToObj(channel -> {
                    float[] plane = new float[side * side];
                    for (int i = 0; i < plane.length; i++) {
                        plane[i] = weights[(i * channels + channel) * channels + channel];
                    }
                    return new Plane(side, side, plane);
                })
                .toList();
        return new Filters(path, diagonal, Plane.meanOfPairs(weights, side));
    }
}
