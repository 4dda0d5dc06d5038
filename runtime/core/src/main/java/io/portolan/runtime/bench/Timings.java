package io.portolan.runtime.bench;

import java.util.Arrays;

/** The times of runs of the same work. */
public final class Timings {
    private static final double NANOS_PER_MILLI = 1e6;

    private final long[] sorted;

    /** @param nanos the time of each run in nanoseconds, in any order; at least one */
    public Timings(long[] nanos) {
        if (nanos.length == 0) {
            throw new IllegalArgumentException("nothing was timed");
        }
        sorted = nanos.clone();
        Arrays.sort(sorted);
    }

    public int runs() {
        return sorted.length;
    }

    /** The shortest run, in milliseconds. */
    public double min() {
        return sorted[0] / NANOS_PER_MILLI;
    }

    public double median() {
        return percentile(50);
    }

    /**
     * A percentile of the times in milliseconds, by the nearest-rank method, so that it is a measured time.
     *
     * @param percent above 0, at most 100
     */
    public double percentile(double percent) {
        int rank = (int) Math.ceil(percent / 100 * sorted.length);
        return sorted[Math.max(1, rank) - 1] / NANOS_PER_MILLI;
    }
}
