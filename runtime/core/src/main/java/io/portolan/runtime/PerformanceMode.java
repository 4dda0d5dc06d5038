package io.portolan.runtime;

/** How the CPU threads of a model are used. It has no effect on a GPU. */
public enum PerformanceMode {
    /** Minimises the time of each call: all threads share its work. */
    LATENCY,

    /**
     * Maximises the number of samples per second: each thread works on its own samples, so that no thread waits for
     * another.
     */
    THROUGHPUT
}
