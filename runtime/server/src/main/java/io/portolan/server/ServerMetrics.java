package io.portolan.server;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The metrics of a server, for Prometheus. */
final class ServerMetrics {
    static final double NANOS = 1e9;

    /** The buckets of times, from half a millisecond to 16 s. */
    private static final double[] SECONDS = {
        0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.125, 0.25, 0.5, 1, 2, 4, 8, 16
    };

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ExpositionFormats formats = ExpositionFormats.init();

    private final Counter requests = Counter.builder()
            .name("portolan_http_requests_total")
            .help("Requests that were answered.")
            .labelNames("method", "route", "status")
            .register(registry);
    private final Histogram requestSeconds = Histogram.builder()
            .name("portolan_http_request_seconds")
            .help("From the head of a request to the end of its answer.")
            .unit(Unit.SECONDS)
            .labelNames("route")
            .classicOnly()
            .classicUpperBounds(SECONDS)
            .register(registry);
    private final Histogram runSeconds = Histogram.builder()
            .name("portolan_model_run_seconds")
            .help("Runs of a model, without the time that requests wait for them.")
            .unit(Unit.SECONDS)
            .labelNames("model")
            .classicOnly()
            .classicUpperBounds(SECONDS)
            .register(registry);
    private final Histogram batchSamples = Histogram.builder()
            .name("portolan_batch_samples")
            .help("Samples in a run of a model.")
            .labelNames("model")
            .classicOnly()
            .classicUpperBounds(1, 2, 4, 8, 16, 32, 64, 128)
            .register(registry);

    void answered(String method, String route, int status, long nanos) {
        requests.labelValues(method, route, Integer.toString(status)).inc();
        requestSeconds.labelValues(route).observe(nanos / NANOS);
    }

    /** @param transport its name in the names of its metrics */
    TransportMetrics ofTransport(String transport) {
        return new TransportMetrics(
                Counter.builder()
                        .name("portolan_" + transport + "_requests_total")
                        .help("Requests that were answered.")
                        .labelNames("method", "status")
                        .register(registry),
                Histogram.builder()
                        .name("portolan_" + transport + "_request_seconds")
                        .help("From the start of a request to the end of its answer.")
                        .unit(Unit.SECONDS)
                        .labelNames("method")
                        .classicOnly()
                        .classicUpperBounds(SECONDS)
                        .register(registry));
    }

    /** Registers the memory of request bodies as a metric. */
    void watchBodies(LongSupplier bytes) {
        GaugeWithCallback.builder()
                .name("portolan_body_bytes")
                .help("Bytes set aside for bodies of requests that are not answered yet.")
                .callback(callback -> callback.call(bytes.getAsLong()))
                .register(registry);
    }

    /** Registers the number of waiting requests of each model as a metric. */
    void watchQueues(Iterable<ServedModel> models) {
        GaugeWithCallback.builder()
                .name("portolan_waiting_requests")
                .help("Requests that wait for a run of a model.")
                .labelNames("model")
                .callback(callback -> models.forEach(model -> callback.call(model.waiting(), model.name())))
                .register(registry);
    }

    OfModel ofModel(String name) {
        return new OfModel(name);
    }

    /** The metrics in the format that a client accepts, by default the text format. */
    HttpAnswer scrape(String accept) {
        ExpositionFormatWriter writer = formats.findWriter(accept);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            writer.write(text, registry.scrape());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return HttpAnswer.ok(writer.getContentType(), text.toByteArray());
    }

    /** The metrics of one model. */
    final class OfModel {
        private final String name;

        private OfModel(String name) {
            this.name = name;
        }

        <T> T time(int samples, Supplier<T> run) {
            long start = System.nanoTime();
            T result = run.get();
            runSeconds.labelValues(name).observe((System.nanoTime() - start) / NANOS);
            batchSamples.labelValues(name).observe(samples);
            return result;
        }
    }
}
