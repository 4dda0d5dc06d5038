package io.portolan.runtime.serve;

import java.time.Duration;

/**
 * What a server takes on at most, so that nobody can exhaust it.
 *
 * @param requestBytes of the body of one request; longer ones are answered with 413
 * @param requestsPerSecond of one client address; beyond that 429. {@link #UNLIMITED} for any number. Probes and metrics do not count
 * @param connections at a time; more wait until the operating system lets them in
 * @param waitingRequests for each model; beyond that 503
 * @param receiving how long the body of one request may take to arrive; longer ones are answered with 408
 * @param drain how long a closing server waits for the answers that it owes
 */
public record Limits(
        int requestBytes, int requestsPerSecond, int connections, int waitingRequests, Duration receiving, Duration drain) {

    /** Instead of a number of requests. */
    public static final int UNLIMITED = 0;

    /** 32 MiB: 50 images of 224 pixels as binary float32. */
    public static final int DEFAULT_REQUEST_BYTES = 32 << 20;

    public static final int DEFAULT_CONNECTIONS = 1024;
    public static final int DEFAULT_WAITING_REQUESTS = 512;
    public static final int DEFAULT_DRAIN_SECONDS = 30;

    /** Larger ones would not fit an array together with what stands around them. */
    private static final int MOST_REQUEST_BYTES = 1 << 30;

    /** @throws IllegalArgumentException if a number is not positive, a duration is negative, or requests may exceed 1 GiB */
    public Limits {
        if (requestBytes < 1 || requestBytes > MOST_REQUEST_BYTES) {
            throw new IllegalArgumentException("a request may have 1 byte to 1 GiB, not " + requestBytes);
        }
        if (requestsPerSecond < UNLIMITED || connections < 1 || waitingRequests < 1) {
            throw new IllegalArgumentException("limits are positive, not " + requestsPerSecond + " requests a second, "
                    + connections + " connections and " + waitingRequests + " waiting requests");
        }
        if (receiving.isNegative() || receiving.isZero() || drain.isNegative()) {
            throw new IllegalArgumentException("times are positive, not " + receiving + " and " + drain);
        }
    }

    /** 32 MiB a request, 1024 connections, 512 waiting requests, 30 s to receive and 30 s to drain, any number a second. */
    public static Limits defaults() {
        return new Limits(DEFAULT_REQUEST_BYTES, UNLIMITED, DEFAULT_CONNECTIONS, DEFAULT_WAITING_REQUESTS, Duration.ofSeconds(30),
                Duration.ofSeconds(DEFAULT_DRAIN_SECONDS));
    }
}
