package io.portolan.server;

import io.portolan.runtime.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/** The models of a server with the limits and metrics that all of its protocols share. */
public final class InferenceService {
    /** The server's name in the protocol. */
    public static final String NAME = "portolan";

    private final Map<String, ServedModel> models;
    private final BooleanSupplier ready;
    private final ServerOptions options;
    private final Executor workers;
    private final ServerMetrics metrics;
    private final MemoryBudget requests;
    private final MemoryBudget answers;
    private final RequestRate rate;

    /**
     * @param ready whether the server takes requests
     * @param workers threads that read requests and write answers
     */
    InferenceService(
            Map<String, ServedModel> models,
            BooleanSupplier ready,
            ServerOptions options,
            Executor workers,
            ServerMetrics metrics) {
        this.models = models;
        this.ready = ready;
        this.options = options;
        this.workers = workers;
        this.metrics = metrics;
        Limits limits = options.limits();
        this.requests = new MemoryBudget("requests", limits.requestBytes());
        this.answers = new MemoryBudget("answers", limits.answerBytes());
        this.rate = new RequestRate(limits.requestsPerSecond(), limits.connections(), System::nanoTime);
    }

    /** The server's version, in the protocol. */
    public static String version() {
        String version = InferenceService.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** Whether all models are loaded and the server is not closing. */
    public boolean isReady() {
        return ready.getAsBoolean();
    }

    public ServerOptions options() {
        return options;
    }

    /** The threads that read requests and write answers; those of a network library must not be kept busy. */
    public Executor workers() {
        return workers;
    }

    /** The memory for requests in progress. */
    public MemoryBudget requests() {
        return requests;
    }

    /** The memory for answers in progress. */
    public MemoryBudget answers() {
        return answers;
    }

    /**
     * Registers the metrics of a transport.
     *
     * @param name the transport's name in the names of its metrics
     */
    public TransportMetrics metricsOf(String name) {
        return metrics.ofTransport(name);
    }

    List<String> names() {
        return List.copyOf(models.keySet());
    }

    /**
     * Counts a request against the limit of its client.
     *
     * @param address the client's address, without a port
     * @throws HttpError 429 if there were too many
     */
    public void requireRate(String address) {
        rate.require(address);
    }

    /**
     * Returns a model.
     *
     * @param version null or empty for the only one
     * @throws HttpError 404 if there is no such model
     */
    public ServedModel model(String name, String version) {
        ServedModel model = models.get(name);
        if (model == null) {
            throw HttpError.of(404, "there is no model of this name; the server has " + models.keySet());
        }
        if (version != null && !version.isEmpty() && !version.equals(ServedModel.VERSION)) {
            throw HttpError.of(404, "model '" + model.name() + "' has version " + ServedModel.VERSION + " only");
        }
        return model;
    }

    /**
     * Runs a model, in a batch with other requests if that is allowed, unless the answer would be too large.
     *
     * @param space the answer's memory, which grows to the size of the outputs
     * @return all outputs; it completes with exceptions that {@link Failures} maps
     */
    public CompletableFuture<Map<String, Tensor>> infer(
            ServedModel model, InferenceRequest request, MemoryBudget.Reservation space) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        request.inputs().forEach((input, tensor) -> shapes.put(input, tensor.shape()));
        long least = model.model().leastOutputBytes(shapes);
        int most = options.limits().answerBytes();
        if (least > most) {
            throw HttpError.answerTooLarge(most);
        }
        space.grow(least);
        return model.infer(request.inputs()).thenApply(outputs -> {
            space.growTo(outputs.values().stream()
                    .mapToLong(output -> output.data().remaining())
                    .sum());
            return outputs;
        });
    }
}
