package io.portolan.server;

import java.time.Duration;

/**
 * The limits of a server, which protect it from exhaustion.
 *
 * @param requestBytes largest body of a request in bytes, also after decompression; larger ones are answered with 413
 * @param answerBytes largest answer in bytes, and largest size of all outputs of the run that it comes from; larger ones
 *     are answered with 413
 * @param requestsPerSecond largest rate per client address, beyond which requests are answered with 429;
 *     {@link #UNLIMITED} for no limit. Probes and metrics do not count
 * @param connections largest number of connections; one more closes the one that has been idle longest, or is answered
 *     with 503 if all are busy
 * @param waitingRequests largest number of waiting requests per model; more are answered with 503
 * @param head time within which the head of a request must arrive, from its first byte or the start of the connection;
 *     then the connection is closed
 * @param receiving time within which the body of a request must arrive; slower ones are answered with 408
 * @param drain time for which a closing server waits for outstanding answers
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

    /** The value for no limit of requests. */
    public static final int UNLIMITED = 0;

    /** The default, 32 MiB: 50 images of 224 pixels as binary float32. */
    public static final int DEFAULT_REQUEST_BYTES = 32 << 20;

    /** The default, 128 MiB: four times the largest request. */
    public static final int DEFAULT_ANSWER_BYTES = 128 << 20;

    public static final int DEFAULT_CONNECTIONS = 1024;
    public static final int DEFAULT_WAITING_REQUESTS = 512;
    public static final int DEFAULT_DRAIN_SECONDS = 30;

    private static final Duration DEFAULT_HEAD = Duration.ofSeconds(10);
    private static final Duration DEFAULT_RECEIVING = Duration.ofSeconds(30);

    /** Larger bodies would not fit into an array together with the surrounding data. */
    private static final int MOST_BYTES = 1 << 30;

    /**
     * @throws IllegalArgumentException if a number is not positive, a duration is negative, or messages may exceed 1
     * GiB
     */
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

    /** Creates limits with defaults for the others. */
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
     * The default limits: 32 MiB per request, 128 MiB per answer, 1024 connections, 512 waiting requests, 10 s and 30 s
     * to receive, 30 s to drain, and no rate limit.
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
