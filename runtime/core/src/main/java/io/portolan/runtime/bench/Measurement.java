package io.portolan.runtime.bench;

import java.nio.file.Path;

/**
 * The timings of one model in one setting.
 *
 * @param model the file
 * @param setting the setting of the runs
 * @param samples number of samples in one timed run
 * @param timings the timings of the runs */
public record Measurement(Path model, Setting setting, int samples, Timings timings) {
    private static final double MILLIS_PER_SECOND = 1e3;

    /** Samples per second at the median time. */
    public double samplesPerSecond() {
        return samples * MILLIS_PER_SECOND / timings.median();
    }
}
