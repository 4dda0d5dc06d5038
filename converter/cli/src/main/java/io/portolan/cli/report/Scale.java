package io.portolan.cli.report;

import io.portolan.graphs.attribution.Plane;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A scale that maps numbers to colours.
 *
 * @param low the number with the first colour
 * @param high the number with the last colour; larger ones have it too
 */
record Scale(ColorMap colors, double low, double high) {
    /** The share of numbers that have distinct colours if the distribution has a heavy tail. */
    private static final double MOST = 0.995;

    /** A scale for magnitudes, from 0 to the largest. */
    static Scale ofMagnitudes(List<Plane> planes) {
        return new Scale(ColorMap.VIRIDIS, 0, largest(planes));
    }

    /** A scale for magnitudes with outliers, from 0 to the 99.5th percentile. */
    static Scale ofMostMagnitudes(List<Plane> planes) {
        double[] sorted = planes.stream()
                .flatMapToDouble(plane ->
                        IntStream.range(0, plane.values().length).mapToDouble(i -> Math.abs(plane.values()[i])))
                .sorted()
                .toArray();
        return new Scale(ColorMap.VIRIDIS, 0, sorted[(int) (MOST * (sorted.length - 1))]);
    }

    /** A scale from the smallest to the largest number. */
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

    /** A scale for numbers of both signs, with zero in the middle. */
    static Scale symmetric(List<Plane> planes) {
        double largest = largest(planes);
        return new Scale(ColorMap.BLUE_RED, -largest, largest);
    }

    /** The position of a number between low and high, from 0 to 1; 0.5 if low equals high. */
    double share(double value) {
        return high == low ? 0.5 : (value - low) / (high - low);
    }

    private static double largest(List<Plane> planes) {
        return planes.stream().mapToDouble(Plane::largest).max().orElse(0);
    }
}
