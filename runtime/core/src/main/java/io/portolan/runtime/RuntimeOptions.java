package io.portolan.runtime;

import java.util.Objects;

/**
 * The options with which ONNX Runtime runs a model.
 *
 * @param device the device to compute on
 * @param mode how the CPU threads are used
 * @param threads CPU threads; {@link #ALL_CORES} for one per core
 * @param optimization the level of graph optimization
 * @param selfTest whether a model with a {@link SelfTest} runs it when it is loaded, and is refused if it fails
 */
public record RuntimeOptions(
        Device device, PerformanceMode mode, int threads, GraphOptimization optimization, boolean selfTest) {
    /** One thread per core; in latency mode, per physical core where ONNX Runtime can count them. */
    public static final int ALL_CORES = 0;

    private static final RuntimeOptions LATENCY =
            new RuntimeOptions(Device.CPU, PerformanceMode.LATENCY, ALL_CORES, GraphOptimization.ALL, true);

    /** @throws IllegalArgumentException if {@code threads} is negative */
    public RuntimeOptions {
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(optimization, "optimization");
        if (threads < 0) {
            throw new IllegalArgumentException(
                    "threads must be at least 1, or " + ALL_CORES + " for all cores, not " + threads);
        }
    }

    /** The same as {@link #latency()}. */
    public static RuntimeOptions defaults() {
        return latency();
    }

    /** The options for low latency: on the CPU, all cores share each call, with all optimizations. */
    public static RuntimeOptions latency() {
        return LATENCY;
    }

    /**
     * The options for high throughput: on the CPU, each core works on its own samples, with all optimizations. A single
     * sample uses one core.
     */
    public static RuntimeOptions throughput() {
        return LATENCY.withMode(PerformanceMode.THROUGHPUT);
    }

    public RuntimeOptions withDevice(Device newDevice) {
        return new RuntimeOptions(newDevice, mode, threads, optimization, selfTest);
    }

    public RuntimeOptions withMode(PerformanceMode newMode) {
        return new RuntimeOptions(device, newMode, threads, optimization, selfTest);
    }

    public RuntimeOptions withThreads(int newThreads) {
        return new RuntimeOptions(device, mode, newThreads, optimization, selfTest);
    }

    public RuntimeOptions withOptimization(GraphOptimization newOptimization) {
        return new RuntimeOptions(device, mode, threads, newOptimization, selfTest);
    }

    /** A copy that loads models without running their self-tests. */
    public RuntimeOptions withoutSelfTest() {
        return new RuntimeOptions(device, mode, threads, optimization, false);
    }

    /** Threads that share the work of one call; {@link #ALL_CORES} for one per core. */
    public int threadsPerCall() {
        return mode == PerformanceMode.THROUGHPUT ? 1 : threads;
    }

    /** The number of concurrent calls that use all threads. */
    public int concurrentCalls() {
        if (mode == PerformanceMode.LATENCY || device != Device.CPU) {
            return 1;
        }
        return threads == ALL_CORES ? Runtime.getRuntime().availableProcessors() : threads;
    }
}
