package io.portolan.server;

import java.time.Duration;

/**
 * What a server takes on at most, so that nobody can exhaust it.
 *
 * @param requestBytes of the body of one request, also unpacked; longer ones are answered with 413
 * @param answerBytes of one answer, and of all outputs of the run that it comes from; larger ones are answered with 413
 * @param requestsPerSecond of one client address; beyond that 429. {@link #UNLIMITED} for any number. Probes and metrics do not count
 * @param connections at a time. One more closes the one that has been silent longest, or is answered 503 if all are at work
 * @param waitingRequests for each model; beyond that 503
 * @param head how long the head of one request may take to arrive, from its first byte on or from the beginning of the connection;
 *     then the connection is closed
 * @param receiving how long the body of one request may take to arrive; longer ones are answered with 408
 * @param drain how long a closing server waits for the answers that it owes
 */
public record Limits(
        int requestBytes,
        int answerBytes,
        int requestsPerSecond,
        int connections,
        int waitingRequests,
        Duration head,
        Duration receiving,
        Duration drain) {

    /** Instead of a number of requests. */
    public static final int UNLIMITED = 0;

    /** 32 MiB: 50 images of 224 pixels as binary float32. */
    public static final int DEFAULT_REQUEST_BYTES = 32 << 20;

    /** 128 MiB: four times as much as the largest request. */
    public static final int DEFAULT_ANSWER_BYTES = 128 << 20;

    public static final int DEFAULT_CONNECTIONS = 1024;
    public static final int DEFAULT_WAITING_REQUESTS = 512;
    public static final int DEFAULT_DRAIN_SECONDS = 30;

    private static final Duration DEFAULT_HEAD = Duration.ofSeconds(10);
    private static final Duration DEFAULT_RECEIVING = Duration.ofSeconds(30);

    /** Larger ones would not fit an array together with what stands around them. */
    private static final int MOST_BYTES = 1 << 30;

    /** @throws IllegalArgumentException if a number is not positive, a duration is negative, or messages may exceed 1 GiB */
    public Limits {
        if (requestBytes < 1 || requestBytes > MOST_BYTES || answerBytes < 1 || answerBytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "requests and answers may have 1 byte to 1 GiB, not " + requestBytes + " and " + answerBytes);
        }
        if (requestsPerSecond < UNLIMITED || connections < 1 || waitingRequests < 1) {
            throw new IllegalArgumentException("limits are positive, not " + requestsPerSecond + " requests a second, "
                    + connections + " connections and " + waitingRequests + " waiting requests");
        }
        if (head.isNegative() || head.isZero() || receiving.isNegative() || receiving.isZero() || drain.isNegative()) {
            throw new IllegalArgumentException("times are positive, not " + head + ", " + receiving + " and " + drain);
        }
    }

    /** As by default, but for these. */
    public Limits(
            int requestBytes,
            int requestsPerSecond,
            int connections,
            int waitingRequests,
            Duration receiving,
            Duration drain) {
        this(
                requestBytes,
                DEFAULT_ANSWER_BYTES,
                requestsPerSecond,
                connections,
                waitingRequests,
                DEFAULT_HEAD,
                receiving,
                drain);
    }

    /**
     * 32 MiB a request, 128 MiB an answer, 1024 connections, 512 waiting requests, 10 s and 30 s to receive and 30 s to drain, any
     * number a second.
     */
    public static Limits defaults() {
        return new Limits(
                DEFAULT_REQUEST_BYTES,
                UNLIMITED,
                DEFAULT_CONNECTIONS,
                DEFAULT_WAITING_REQUESTS,
                DEFAULT_RECEIVING,
                Duration.ofSeconds(DEFAULT_DRAIN_SECONDS));
    }

    public Limits withAnswerBytes(int newAnswerBytes) {
        return new Limits(
                requestBytes, newAnswerBytes, requestsPerSecond, connections, waitingRequests, head, receiving, drain);
    }

    public Limits withHead(Duration newHead) {
        return new Limits(
                requestBytes, answerBytes, requestsPerSecond, connections, waitingRequests, newHead, receiving, drain);
    }
}
