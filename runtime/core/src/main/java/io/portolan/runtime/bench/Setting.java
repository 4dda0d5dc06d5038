package io.portolan.runtime.bench;

import io.portolan.runtime.Goal;

/**
 * A way to run a model.
 *
 * @param goal whether the threads share one call or make one each
 * @param threads on the CPU
 * @param batch samples in a call
 */
public record Setting(Goal goal, int threads, int batch) {
    public Setting {
        if (threads < 1 || batch < 1) {
            throw new IllegalArgumentException("threads and batch must be positive, not " + threads + " and " + batch);
        }
    }
}
