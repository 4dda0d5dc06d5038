package io.portolan.cli;

import io.portolan.grpc.GrpcTransport;
import io.portolan.runtime.Device;
import io.portolan.runtime.PerformanceMode;
import io.portolan.runtime.RuntimeOptions;
import io.portolan.server.Batching;
import io.portolan.server.InferenceServer;
import io.portolan.server.Limits;
import io.portolan.server.ServerOptions;
import io.portolan.server.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        header = "Serves ONNX files over HTTP and gRPC.",
        description =
                "Implements the Open Inference Protocol, version 2, with tensors as JSON or binary; classifies images that are"
                        + " posted to /classify; has a page for trying that at /, and metrics for Prometheus at /metrics. Serves any ONNX"
                        + " file; images and the page need one that 'convert' wrote.%n%n"
                        + "Listens on this machine only, unless --host is given: there is no encryption and no password. SIGTERM or Ctrl-C"
                        + " stops it after all pending requests are answered.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  portolan serve model.onnx",
            "  curl -H 'Content-Type: image/png' --data-binary @image.png http://127.0.0.1:8080/classify",
            "  curl http://127.0.0.1:8080/v2/models/model",
            "  portolan serve small.onnx large.onnx --port 9000 --max-batch 16 --max-wait 5",
            "  portolan serve model.onnx --grpc-port 9000",
            "  portolan serve model.onnx --host 0.0.0.0 --rate-limit 20 --access-log"
        })
final class ServeCommand implements Callable<Integer> {
    private static final int MEBIBYTE = 1 << 20;

    /**
     * The libraries' loggers: Jetty tells of start and stop, which this command does, and gRPC of what clients do wrong, which they are told. Kept in
     * a field so that they are not garbage-collected.
     */
    private static final Map<Logger, Level> LIBRARY_LOGS = Map.of(
            Logger.getLogger("org.eclipse.jetty"), Level.WARNING,
            Logger.getLogger("io.grpc"), Level.SEVERE);

    private static final String EXTENSION = "\\.onnx";

    @Parameters(
            arity = "1..*",
            paramLabel = "MODEL.onnx",
            description = "ONNX files. A file is served under its name without .onnx.")
    private List<Path> files;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name for the first file; repeat for the second, and so on.")
    private List<String> names = List.of();

    @OptionGroup("Address")
    @Option(
            names = "--host",
            defaultValue = ServerOptions.LOOPBACK,
            paramLabel = "ADDRESS",
            description = "Address to listen on (default: ${DEFAULT-VALUE}, this machine only). 0.0.0.0: any.")
    private String host;

    @OptionGroup("Address")
    @Option(
            names = "--port",
            defaultValue = "" + ServerOptions.DEFAULT_PORT,
            paramLabel = "N",
            description = "Port to listen on (default: ${DEFAULT-VALUE}; 0: any free port, which is printed).")
    private int port;

    @OptionGroup("Address")
    @Option(
            names = "--grpc-port",
            paramLabel = "N",
            description = "Port for gRPC too (default: none; 0: any free port, which is printed).")
    private Integer grpcPort;

    @OptionGroup("Computation")
    @Option(
            names = "--max-batch",
            paramLabel = "N",
            description =
                    "Maximum number of samples of different requests in one run of the model. Default: suited to models that"
                            + " 'convert' wrote, 1 for others. A value above 1 asserts that the first axis of all inputs and outputs is the"
                            + " batch. A model with a fixed batch size always uses that.")
    private Integer maxBatch;

    @OptionGroup("Computation")
    @Option(
            names = "--max-wait",
            defaultValue = "0",
            paramLabel = "MS",
            description =
                    "Milliseconds that a request waits for others to share its run (default: ${DEFAULT-VALUE}: shares it with"
                            + " those that arrived during the previous run).")
    private int maxWait;

    @OptionGroup("Limits")
    @Option(
            names = "--max-request-size",
            defaultValue = "" + Limits.DEFAULT_REQUEST_BYTES / MEBIBYTE,
            paramLabel = "MIB",
            description = "Maximum size of a request's body (default: ${DEFAULT-VALUE} MiB).")
    private int maxRequestSize;

    @OptionGroup("Limits")
    @Option(
            names = "--max-answer-size",
            defaultValue = "" + Limits.DEFAULT_ANSWER_BYTES / MEBIBYTE,
            paramLabel = "MIB",
            description = "Maximum size of a response, and of the outputs of a run (default: ${DEFAULT-VALUE} MiB).")
    private int maxAnswerSize;

    @OptionGroup("Address")
    @Option(
            names = "--allowed-host",
            paramLabel = "NAME",
            description =
                    "Host name to accept in requests, such as that of a reverse proxy; may be repeated. IP addresses and names without"
                            + " a dot are always accepted. Without this option, a server that listens on this machine only accepts no other"
                            + " name, and one with another --host accepts any; pages of other sites are rejected in either case.")
    private List<String> allowedHosts = List.of();

    @OptionGroup("Limits")
    @Option(
            names = "--rate-limit",
            defaultValue = "" + Limits.UNLIMITED,
            paramLabel = "N",
            description =
                    "Maximum requests per second from one address (default: no limit). Probes and metrics do not count.")
    private int rateLimit;

    @OptionGroup("Limits")
    @Option(
            names = "--max-connections",
            defaultValue = "" + Limits.DEFAULT_CONNECTIONS,
            paramLabel = "N",
            description =
                    "Maximum number of connections (default: ${DEFAULT-VALUE}); a further one closes the one that has been idle longest.")
    private int maxConnections;

    @OptionGroup("Limits")
    @Option(
            names = "--queue",
            defaultValue = "" + Limits.DEFAULT_WAITING_REQUESTS,
            paramLabel = "N",
            description =
                    "Maximum number of requests that wait for a model (default: ${DEFAULT-VALUE}); further ones get 503.")
    private int queue;

    @OptionGroup("Limits")
    @Option(
            names = "--drain-timeout",
            defaultValue = "" + Limits.DEFAULT_DRAIN_SECONDS,
            paramLabel = "S",
            description = "Seconds after SIGTERM to answer pending requests (default: ${DEFAULT-VALUE}).")
    private int drainTimeout;

    @OptionGroup("Computation")
    @Option(
            names = "--threads",
            defaultValue = "" + RuntimeOptions.ALL_CORES,
            paramLabel = "N",
            description = "CPU threads for the model (default: the number of cores).")
    private int threads;

    @OptionGroup("Computation")
    @Option(
            names = "--goal",
            defaultValue = "latency",
            paramLabel = "GOAL",
            description = "latency: all threads share each run; throughput: each thread makes its own runs (default:"
                    + " ${DEFAULT-VALUE}).")
    private PerformanceMode mode;

    @OptionGroup("Computation")
    @Option(
            names = "--device",
            defaultValue = "cpu",
            paramLabel = "DEVICE",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Device device;

    @Mixin
    private SelfTestOption selfTest;

    @Option(names = "--access-log", description = "Print a line for each request to standard error.")
    private boolean accessLog;

    @Option(names = "--json", description = "Print the address it listens on as one line of JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        LIBRARY_LOGS.forEach(Logger::setLevel);
        Map<String, Path> models = models();
        RuntimeOptions runtime = options(() -> selfTest.applied(
                RuntimeOptions.defaults().withDevice(device).withMode(mode).withThreads(threads)));
        ServerOptions server = options(this::serverOptions);
        Optional<GrpcTransport> grpc =
                Optional.ofNullable(grpcPort).map(number -> options(() -> new GrpcTransport(number)));
        warnOfOthers();
        try (InferenceServer listening =
                InferenceServer.start(models, runtime, server, grpc.stream().toArray(Transport[]::new))) {
            EndSignals signals = EndSignals.listen();
            announce(models, listening, grpc.map(GrpcTransport::port));
            signals.await();
            say("answering pending requests ...");
        }
        say("stopped");
        return 0;
    }

    private void say(String message) {
        spec.commandLine().getErr().println("portolan: " + message);
    }

    private void announce(Map<String, Path> models, InferenceServer server, Optional<Integer> grpc) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("url", server.uri().toString());
        grpc.ifPresent(number -> fields.put("grpc_port", number));
        fields.put("models", models.keySet());
        fields.put("pid", ProcessHandle.current().pid());
        spec.commandLine()
                .getOut()
                .println(
                        json
                                ? Json.line(fields)
                                : (Object) ("Serving " + String.join(", ", models.keySet()) + " at " + server.uri()
                                        + grpc.map(number -> ", and over gRPC at port " + number)
                                                .orElse("")
                                        + " (Ctrl-C stops it)"));
        spec.commandLine().getOut().flush();
    }

    private Map<String, Path> models() {
        if (names.size() > files.size()) {
            throw refused("--name: there are more names than files");
        }
        Map<String, Path> models = new LinkedHashMap<>();
        for (int i = 0; i < files.size(); i++) {
            String file = files.get(i).getFileName().toString();
            String name = i < names.size() ? names.get(i) : file.replaceFirst(EXTENSION + "$", "");
            if (!InferenceServer.isModelName(name)) {
                throw refused("'" + name + "' cannot be part of a URL path; give the model another name with --name");
            }
            if (models.put(name, files.get(i)) != null) {
                throw refused("two models are called '" + name + "'; give them names with --name");
            }
        }
        return models;
    }

    private ServerOptions serverOptions() {
        Limits limits = new Limits(
                        Math.multiplyExact(maxRequestSize, MEBIBYTE),
                        rateLimit,
                        maxConnections,
                        queue,
                        Limits.defaults().receiving(),
                        Duration.ofSeconds(drainTimeout))
                .withAnswerBytes(Math.multiplyExact(maxAnswerSize, MEBIBYTE));
        Batching batching =
                new Batching(maxBatch == null ? Batching.MODELS_OWN : atLeastOne(maxBatch), Duration.ofMillis(maxWait));
        return new ServerOptions(
                host,
                port,
                batching,
                limits,
                Set.copyOf(allowedHosts),
                accessLog ? Optional.of(line -> spec.commandLine().getErr().println(line)) : Optional.empty());
    }

    private static int atLeastOne(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("--max-batch is 1 or more, not " + number);
        }
        return number;
    }

    /** The server options; invalid ones are reported as wrong usage. */
    private <T> T options(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException | ArithmeticException refused) {
            throw refused(refused.getMessage());
        }
    }

    private void warnOfOthers() throws IOException {
        if (!InetAddress.getByName(host).isLoopbackAddress()) {
            say("WARNING: listening on " + host
                    + ", so that other machines can use this server; it has no encryption and no password");
        }
    }

    private ParameterException refused(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
