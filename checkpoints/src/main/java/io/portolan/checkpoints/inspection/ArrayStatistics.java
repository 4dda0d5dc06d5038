package io.portolan.checkpoints.inspection;

import io.portolan.checkpoints.values.ArrayData;

/**
 * Statistics of the elements of an array; of complex ones, of their real and imaginary parts.
 *
 * @param min the least number; NaN if there is none
 * @param max the greatest number; NaN if there is none
 * @param mean the mean of the finite numbers; NaN if there is none
 * @param nans how many elements are NaN
 * @param infinities how many are infinite
 */
public record ArrayStatistics(double min, double max, double mean, long nans, long infinities) {

    /**
     * Reads the array once.
     *
     * @throws java.io.UncheckedIOException if its elements cannot be read
     */
    public static ArrayStatistics of(ArrayData array) {
        Collector collector = new Collector();
        array.forEachNumber(collector::add);
        return collector.result();
    }

    private static final class Collector {
        private double min = Double.NaN;
        private double max = Double.NaN;
        private double sum;
        private double lost;
        private long finite;
        private long nans;
        private long infinities;

        void add(double number) {
            if (Double.isNaN(number)) {
                nans++;
                return;
            }
            // Any comparison with NaN is false.
            min = number >= min ? min : number;
            max = number <= max ? max : number;
            if (Double.isInfinite(number)) {
                infinities++;
                return;
            }
            finite++;
            // Kahan's summation: what the last addition lost is added again.
            double corrected = number - lost;
            double next = sum + corrected;
            lost = next - sum - corrected;
            sum = next;
        }

        ArrayStatistics result() {
            return new ArrayStatistics(min, max, finite == 0 ? Double.NaN : sum / finite, nans, infinities);
        }
    }
}
