package io.portolan.runtime;

/** What the threads of a model on the CPU are for. A GPU is not concerned. */
public enum Goal {
    /** Each call is answered as soon as possible: all threads share its work. */
    LATENCY,

    /** Many samples are answered per second: each thread works on samples of its own, so that none waits for another. */
    THROUGHPUT
}
