package io.portolan.graphs.golden;

/**
 * The distance between actual and expected values.
 *
 * @param maxAbsolute the largest difference
 * @param relative the L2 norm of the differences divided by the L2 norm of the expected values
 */
public record Closeness(double maxAbsolute, double relative) {

    public static Closeness between(float[] actual, float[] expected) {
        if (actual.length != expected.length) {
            throw new IllegalArgumentException(actual.length + " numbers against " + expected.length);
        }
        double max = 0;
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < actual.length; i++) {
            double d = (double) actual[i] - expected[i];
            // Not Math.abs alone: a NaN must count as infinitely far.
            max = Double.isNaN(d) ? Double.POSITIVE_INFINITY : Math.max(max, Math.abs(d));
            difference += d * d;
            norm += (double) expected[i] * expected[i];
        }
        return new Closeness(max, Math.sqrt(difference / norm));
    }
}
