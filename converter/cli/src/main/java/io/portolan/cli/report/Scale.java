package io.portolan.cli.report;

import io.portolan.graphs.attribution.Plane;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which colour a number has.
 *
 * @param low has the first colour
 * @param high has the last, and so has what is above it
 */
record Scale(ColorMap colors, double low, double high) {
    /** So many of the numbers of a heavy tail are told apart. */
    private static final double MOST = 0.995;

    /** Of magnitudes, from 0 to the largest. */
    static Scale ofMagnitudes(List<Plane> planes) {
        return new Scale(ColorMap.VIRIDIS, 0, largest(planes));
    }

    /** Of magnitudes of which few are far above the others, from 0 to the 99.5th percentile. */
    static Scale ofMostMagnitudes(List<Plane> planes) {
        double[] sorted = planes.stream()
                .flatMapToDouble(plane ->
                        IntStream.range(0, plane.values().length).mapToDouble(i -> Math.abs(plane.values()[i])))
                .sorted()
                .toArray();
        return new Scale(ColorMap.VIRIDIS, 0, sorted[(int) (MOST * (sorted.length - 1))]);
    }

    /** From the smallest to the largest. */
    static Scale ofRange(List<Plane> planes) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (Plane plane : planes) {
            for (float value : plane.values()) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
        return new Scale(ColorMap.VIRIDIS, low, high);
    }

    /** Of numbers of both signs, zero in the middle. */
    static Scale symmetric(List<Plane> planes) {
        double largest = largest(planes);
        return new Scale(ColorMap.BLUE_RED, -largest, largest);
    }

    /** Where a number lies between low and high, from 0 to 1; of a scale without extent, in its middle. */
    double share(double value) {
        return high == low ? 0.5 : (value - low) / (high - low);
    }

    private static double largest(List<Plane> planes) {
        return planes.stream().mapToDouble(Plane::largest).max().orElse(0);
    }
}
