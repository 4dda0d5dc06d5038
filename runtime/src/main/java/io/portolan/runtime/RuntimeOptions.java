package io.portolan.runtime;

import java.util.Objects;

/**
 * How ONNX Runtime runs a model.
 *
 * @param device where to compute
 * @param threads CPU threads that share the work of one call; {@link #ALL_CORES} for one per physical core
 * @param optimization how far the graph may be rewritten
 */
public record RuntimeOptions(Device device, int threads, GraphOptimization optimization) {
    /** As many threads as there are physical cores. */
    public static final int ALL_CORES = 0;

    private static final RuntimeOptions DEFAULTS = new RuntimeOptions(Device.CPU, ALL_CORES, GraphOptimization.ALL);

    /** @throws IllegalArgumentException if {@code threads} is negative */
    public RuntimeOptions {
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(optimization, "optimization");
        if (threads < 0) {
            throw new IllegalArgumentException("threads must be at least 1, or " + ALL_CORES + " for all cores, not " + threads);
        }
    }

    /** The CPU, all cores, every optimization. */
    public static RuntimeOptions defaults() {
        return DEFAULTS;
    }

    public RuntimeOptions withDevice(Device newDevice) {
        return new RuntimeOptions(newDevice, threads, optimization);
    }

    public RuntimeOptions withThreads(int newThreads) {
        return new RuntimeOptions(device, newThreads, optimization);
    }

    public RuntimeOptions withOptimization(GraphOptimization newOptimization) {
        return new RuntimeOptions(device, threads, newOptimization);
    }
}
