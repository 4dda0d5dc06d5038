package io.portolan.server;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;

/** Counts and times the requests of a {@link Transport}. */
public final class TransportMetrics {
    private final Counter requests;
    private final Histogram seconds;

    TransportMetrics(Counter requests, Histogram seconds) {
        this.requests = requests;
        this.seconds = seconds;
    }

    /**
     * Counts a request.
     *
     * @param method one of a few names, since each takes memory for good
     * @param status likewise
     * @param nanos from the start of the request to the end of its answer
     */
    public void answered(String method, String status, long nanos) {
        requests.labelValues(method, status).inc();
        seconds.labelValues(method).observe(nanos / ServerMetrics.NANOS);
    }
}
