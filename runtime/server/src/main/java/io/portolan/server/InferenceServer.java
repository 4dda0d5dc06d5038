package io.portolan.server;

import io.portolan.runtime.RuntimeOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.CustomRequestLog;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * An HTTP server for ONNX models: the Open Inference Protocol, image classification at {@code /classify}, a web page,
 * and metrics for Prometheus.
 *
 * <pre>{@code
 * Map<String, Path> models = Map.of("pathfinder", Path.of("model.onnx"));
 * try (InferenceServer server = InferenceServer.start(models, RuntimeOptions.defaults(), ServerOptions.defaults())) {
 *     System.out.println(server.uri());
 *     ...
 * }
 * }</pre>
 *
 * <p>Needs Jetty, Jackson and the Prometheus client on the class path, which the rest of the runtime does without.
 */
public final class InferenceServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(InferenceServer.class.getName());

    private static final Pattern MODEL_NAME = Pattern.compile("[A-Za-z0-9._-]+");

    /** Threads never block, so a few are enough for any number of clients. */
    private static final int THREADS_PER_CORE = 4;

    private static final int SPARE_THREADS = 8;

    /** Length of the operating system's queue of connections that are not accepted yet. */
    private static final int BACKLOG = 1024;

    /** Idle time in milliseconds, without a request or while the client reads nothing of an answer. */
    private static final long IDLE_MILLIS = 60_000;

    private final Map<String, ServedModel> models = new LinkedHashMap<>();
    private final ServerMetrics metrics = new ServerMetrics();
    private final ExecutorService workers = Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors(), work -> new Thread(work, "portolan-serve"));
    private final DecodingThreads decoders;
    private final ServerOptions options;
    private final InferenceService service;
    private final List<Transport.Listening> others = new ArrayList<>();
    private final Server server;
    private final ServerConnector connector;
    private volatile boolean ready;
    private URI uri;

    private InferenceServer(ServerOptions options) {
        this.options = options;
        this.service = new InferenceService(models, () -> ready, options, workers, metrics);
        this.decoders = new DecodingThreads(options.limits().waitingRequests());
        int cores = Runtime.getRuntime().availableProcessors();
        QueuedThreadPool threads = new QueuedThreadPool(SPARE_THREADS + THREADS_PER_CORE * cores);
        threads.setName("portolan-http");
        this.server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        this.connector = new ServerConnector(server, new HttpConnectionFactory(http));
    }

    /** Whether a model may be served under a name: letters, digits, {@code .}, {@code _} and {@code -}. */
    public static boolean isModelName(String name) {
        return MODEL_NAME.matcher(name).matches();
    }

    /**
     * Loads models and starts to listen.
     *
     * @param models the models' files by the names under which they are served
     * @param transports other ways to reach the models than HTTP
     * @throws IllegalArgumentException if there is no model, or a name is {@linkplain #isModelName not valid}
     * @throws io.portolan.runtime.ModelException if a model cannot be loaded, or is not what its metadata says
     * @throws IOException if the host is unknown or a port taken
     */
    public static InferenceServer start(
            Map<String, Path> models, RuntimeOptions runtime, ServerOptions options, Transport... transports)
            throws IOException {
        if (models.isEmpty()) {
            throw new IllegalArgumentException("no models to serve");
        }
        InferenceServer server = new InferenceServer(options);
        try {
            models.forEach((name, file) -> server.load(name, file, runtime));
            server.listen(transports);
            return server;
        } catch (IOException | RuntimeException failure) {
            server.close();
            throw failure;
        }
    }

    private void load(String name, Path file, RuntimeOptions runtime) {
        if (!isModelName(name)) {
            throw new IllegalArgumentException(
                    "'" + name + "' is not a valid model name; use letters, digits, '.', '_' and '-'");
        }
        models.put(
                name,
                ServedModel.load(name, file, runtime, options.batching(), options.limits(), metrics.ofModel(name)));
    }

    private void listen(Transport... transports) throws IOException {
        Limits limits = options.limits();
        connector.setHost(options.host());
        connector.setPort(options.port());
        connector.setAcceptQueueSize(BACKLOG);
        connector.setIdleTimeout(IDLE_MILLIS);
        server.addConnector(connector);
        server.setErrorHandler(new JsonErrors());
        server.setStopTimeout(limits.drain().toMillis());
        ConnectionGuard guard = new ConnectionGuard(
                router(),
                limits.connections(),
                limits.head(),
                request -> Request.getPathInContext(request).startsWith(ProtocolEndpoints.PROBES));
        connector.addBean(guard, false);
        server.setHandler(new MetricsHandler(new Draining(guard), metrics));
        options.accessLog()
                .ifPresent(
                        log -> server.setRequestLog(new CustomRequestLog(log::accept, CustomRequestLog.NCSA_FORMAT)));
        try {
            connector.open();
        } catch (IOException taken) {
            Throwable reason = taken.getCause() == null ? taken : taken.getCause();
            throw new IOException(
                    "cannot listen on port " + options.port() + " of " + options.host() + ": " + reason.getMessage()
                            + "; choose another port or host",
                    taken);
        }
        try {
            server.start();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IOException("the server cannot start: " + failure.getMessage(), failure);
        }
        String host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
        uri = URI.create("http://" + host + ":" + connector.getLocalPort());
        for (Transport transport : transports) {
            others.add(transport.listen(service));
        }
        ready = true;
    }

    private Router router() {
        metrics.watchBodies(service.requests()::reservedBytes);
        metrics.watchQueues(models.values());
        Router router = new Router(
                new TrustedSites(options.host(), options.trustedHosts()),
                new RequestBodies(options.limits(), service.requests(), workers),
                service);
        new ProtocolEndpoints(service).addTo(router);
        Optional<ImageEndpoint> images = models.values().stream()
                .filter(model -> model.metadata().isPresent())
                .findFirst()
                .map(model -> new ImageEndpoint(model, decoders, workers));
        images.ifPresent(ImageEndpoint::warmUp);
        router.route(
                "POST",
                "/classify",
                call -> images.orElseThrow(() -> HttpError.of(
                                404, "no model here classifies images; serve one that 'portolan convert' wrote"))
                        .answer(call));
        router.route("GET", Router.METRICS, Endpoint.immediate(call -> metrics.scrape(call.header("Accept"))));
        PageEndpoint.addTo(router);
        return router;
    }

    /** Refuses new requests while the last answers are written. */
    private static final class Draining extends GracefulHandler {
        Draining(Handler handler) {
            super(handler);
        }

        @Override
        protected void handleShutdownRejection(Request request, Response response, Callback callback) {
            Router.send(HttpError.overloaded("the server is shutting down").answer(), request, response, callback);
        }
    }

    /** The server's address, with the actual port. */
    public URI uri() {
        return uri;
    }

    /**
     * Refuses new requests, answers those in progress for at most {@link Limits#drain()}, and frees the models. Does
     * nothing if already closed. It must not be called in a Java shutdown hook, because ONNX Runtime frees itself
     * concurrently in another one.
     */
    @Override
    public void close() {
        ready = false;
        long end = System.nanoTime() + options.limits().drain().toNanos();
        others.forEach(Transport.Listening::refuse);
        try {
            server.stop();
        } catch (TimeoutException late) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "not all requests were answered within "
                            + options.limits().drain().toSeconds() + " s");
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IllegalStateException("the server cannot be stopped: " + failure.getMessage(), failure);
        } finally {
            others.forEach(other -> other.close(Duration.ofNanos(Math.max(0, end - System.nanoTime()))));
            models.values().forEach(ServedModel::close);
            workers.shutdown();
            decoders.close();
        }
    }
}
