package io.portolan.runtime;

import java.util.Objects;

/**
 * How ONNX Runtime runs a model.
 *
 * @param device where to compute
 * @param goal what the threads are for
 * @param threads CPU threads; {@link #ALL_CORES} for one per core
 * @param optimization how far the graph may be rewritten
 * @param selfTest whether a model that carries a {@link SelfTest} runs it when it is loaded, and is refused if it fails
 */
public record RuntimeOptions(Device device, Goal goal, int threads, GraphOptimization optimization, boolean selfTest) {
    /** As many threads as there are cores; physical ones for latency, where ONNX Runtime counts them. */
    public static final int ALL_CORES = 0;

    private static final RuntimeOptions LATENCY =
            new RuntimeOptions(Device.CPU, Goal.LATENCY, ALL_CORES, GraphOptimization.ALL, true);

    /** @throws IllegalArgumentException if {@code threads} is negative */
    public RuntimeOptions {
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(goal, "goal");
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

    /** For one who waits for each answer: the CPU, all cores together on one call, every optimization. */
    public static RuntimeOptions latency() {
        return LATENCY;
    }

    /** For many samples: the CPU, each core on samples of its own, every optimization. A single sample gets one core. */
    public static RuntimeOptions throughput() {
        return LATENCY.withGoal(Goal.THROUGHPUT);
    }

    public RuntimeOptions withDevice(Device newDevice) {
        return new RuntimeOptions(newDevice, goal, threads, optimization, selfTest);
    }

    public RuntimeOptions withGoal(Goal newGoal) {
        return new RuntimeOptions(device, newGoal, threads, optimization, selfTest);
    }

    public RuntimeOptions withThreads(int newThreads) {
        return new RuntimeOptions(device, goal, newThreads, optimization, selfTest);
    }

    public RuntimeOptions withOptimization(GraphOptimization newOptimization) {
        return new RuntimeOptions(device, goal, threads, newOptimization, selfTest);
    }

    /** Loads models without running the tests that they carry. */
    public RuntimeOptions withoutSelfTest() {
        return new RuntimeOptions(device, goal, threads, optimization, false);
    }

    /** Threads that share the work of one call; {@link #ALL_CORES} for one per core. */
    public int threadsPerCall() {
        return goal == Goal.THROUGHPUT ? 1 : threads;
    }

    /** Calls that should be made side by side to use all threads. */
    public int callsAtATime() {
        if (goal == Goal.LATENCY || device != Device.CPU) {
            return 1;
        }
        return threads == ALL_CORES ? Runtime.getRuntime().availableProcessors() : threads;
    }
}
