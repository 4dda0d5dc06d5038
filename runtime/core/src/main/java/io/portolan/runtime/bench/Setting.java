package io.portolan.runtime.bench;

import io.portolan.runtime.PerformanceMode;

/**
 * The settings of a benchmark run.
 *
 * @param mode whether the threads share a call or make one each
 * @param threads number of CPU threads
 * @param batch number of samples in a call
 */
public record Setting(PerformanceMode mode, int threads, int batch) {
    public Setting {
        if (threads < 1 || batch < 1) {
            throw new IllegalArgumentException("threads and batch must be positive, not " + threads + " and " + batch);
        }
    }
}
