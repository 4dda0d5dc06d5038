package io.portolan.runtime.bench;

import java.nio.file.Path;

/**
 * How fast one model ran in one setting.
 *
 * @param model the file
 * @param setting how it was run
 * @param samples answered by one timed run
 * @param timings of the runs
 */
public record Measurement(Path model, Setting setting, int samples, Timings timings) {
    private static final double MILLIS_PER_SECOND = 1e3;

    /** At the median. */
    public double samplesPerSecond() {
        return samples * MILLIS_PER_SECOND / timings.median();
    }
}
