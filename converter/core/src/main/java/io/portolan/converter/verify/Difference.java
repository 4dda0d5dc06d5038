package io.portolan.converter.verify;

/**
 * How far two runs of a model are apart.
 *
 * @param largest the largest difference of two elements: 0 between equal infinities and where both are not a number, infinite
 *     where one only is
 * @param scale the absolutely largest finite element that was expected; 0 if there is none
 * @param finite whether all elements that were expected are finite
 * @param rows vectors along the last axis
 * @param sameArgmax vectors whose largest element, the first of equals, stands at the same place
 */
public record Difference(double largest, double scale, boolean finite, int rows, int sameArgmax) {
    /**
     * Compares tensors of one shape.
     *
     * @param expected row-major
     * @param actual row-major, as many
     * @param columns the size of the last axis, at least 1
     */
    public static Difference between(double[] expected, double[] actual, int columns) {
        double largest = 0;
        double scale = 0;
        boolean finite = true;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, between(expected[i], actual[i]));
            if (Double.isFinite(expected[i])) {
                scale = Math.max(scale, Math.abs(expected[i]));
            } else {
                finite = false;
            }
        }
        int same = 0;
        for (int start = 0; start + columns <= expected.length; start += columns) {
            same += argmax(expected, start, columns) == argmax(actual, start, columns) ? 1 : 0;
        }
        return new Difference(largest, scale, finite, expected.length / columns, same);
    }

    /** Compares two vectors of one size. */
    public static Difference between(float[] expected, float[] actual) {
        return between(doubles(expected), doubles(actual), Math.max(1, expected.length));
    }

    /** The largest difference relative to the scale. */
    public double relative() {
        return largest == 0 ? 0 : largest / Math.max(scale, Float.MIN_NORMAL);
    }

    private static double between(double expected, double actual) {
        if (expected == actual || Double.compare(expected, actual) == 0) {
            return 0;
        }
        double difference = Math.abs(expected - actual);
        return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
    }

    private static int argmax(double[] values, int start, int count) {
        int largest = start;
        for (int i = start + 1; i < start + count; i++) {
            largest = values[i] > values[largest] ? i : largest;
        }
        return largest - start;
    }

    private static double[] doubles(float[] numbers) {
        double[] doubles = new double[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            doubles[i] = numbers[i];
        }
        return doubles;
    }
}
