package io.portolan.cli;

import io.portolan.runtime.Device;
import io.portolan.runtime.PerformanceMode;
import io.portolan.runtime.RuntimeOptions;
import io.portolan.server.Batching;
import io.portolan.server.InferenceServer;
import io.portolan.server.Limits;
import io.portolan.server.ServerOptions;
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
        header = "Serves ONNX files over HTTP.",
        description =
                "Speaks the Open Inference Protocol, version 2, with tensors as JSON or binary; classifies images that are sent to"
                        + " /classify; has a page to try that at /, and metrics for Prometheus at /metrics. Any ONNX file will do; images and"
                        + " the page need one that 'convert' wrote.%n%n"
                        + "Listens on this machine alone, unless --host says otherwise: there is no encryption and no password. SIGTERM or"
                        + " Ctrl-C ends it when all requests that it has are answered.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  portolan serve model.onnx",
            "  curl -H 'Content-Type: image/png' --data-binary @image.png http://127.0.0.1:8080/classify",
            "  curl http://127.0.0.1:8080/v2/models/model",
            "  portolan serve small.onnx large.onnx --port 9000 --max-batch 16 --max-wait 5",
            "  portolan serve model.onnx --host 0.0.0.0 --rate-limit 20 --access-log"
        })
final class ServeCommand implements Callable<Integer> {
    private static final int MEBIBYTE = 1 << 20;

    /** It would tell of starts and stops, which this command says itself. Kept, lest it be collected with its level. */
    private static final Logger HTTP_LOG = Logger.getLogger("org.eclipse.jetty");

    private static final String EXTENSION = "\\.onnx";

    @Parameters(
            arity = "1..*",
            paramLabel = "MODEL.onnx",
            description = "ONNX files. A file is served under its name, without .onnx.")
    private List<Path> files;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Another name for the first file; once more, for the second; and so on.")
    private List<String> names = List.of();

    @Option(
            names = "--host",
            defaultValue = ServerOptions.LOOPBACK,
            paramLabel = "ADDRESS",
            description = "Address to listen on (default: ${DEFAULT-VALUE}, this machine alone). 0.0.0.0: any.")
    private String host;

    @Option(
            names = "--port",
            defaultValue = "" + ServerOptions.DEFAULT_PORT,
            paramLabel = "N",
            description = "Port to listen on (default: ${DEFAULT-VALUE}; 0: any that is free, which is printed).")
    private int port;

    @Option(
            names = "--max-batch",
            paramLabel = "N",
            description =
                    "Samples of different requests that share a run of the model. Default: what suits models that 'convert' wrote,"
                            + " 1 for others. Above 1 you say that the first axis of all inputs and outputs is the batch. A model with a fixed"
                            + " batch keeps to its own.")
    private Integer maxBatch;

    @Option(
            names = "--max-wait",
            defaultValue = "0",
            paramLabel = "MS",
            description =
                    "Milliseconds that a request waits for others to share its run (default: ${DEFAULT-VALUE}, which takes those"
                            + " that came during the run before).")
    private int maxWait;

    @Option(
            names = "--max-request-size",
            defaultValue = "" + Limits.DEFAULT_REQUEST_BYTES / MEBIBYTE,
            paramLabel = "MIB",
            description = "Largest body of a request (default: ${DEFAULT-VALUE} MiB).")
    private int maxRequestSize;

    @Option(
            names = "--max-answer-size",
            defaultValue = "" + Limits.DEFAULT_ANSWER_BYTES / MEBIBYTE,
            paramLabel = "MIB",
            description =
                    "Largest answer, and most that the outputs of a run may take (default: ${DEFAULT-VALUE} MiB).")
    private int maxAnswerSize;

    @Option(
            names = "--allowed-host",
            paramLabel = "NAME",
            description =
                    "A name under which browsers and programs ask this server, such as that of a proxy in front of it; once more for"
                            + " another. Addresses and names without a dot need none. Without it, a server of this machine alone answers to no"
                            + " other name, and one with another --host to any; pages of other sites may use neither.")
    private List<String> allowedHosts = List.of();

    @Option(
            names = "--rate-limit",
            defaultValue = "" + Limits.UNLIMITED,
            paramLabel = "N",
            description = "Requests a second from one address (default: any number). Probes and metrics do not count.")
    private int rateLimit;

    @Option(
            names = "--max-connections",
            defaultValue = "" + Limits.DEFAULT_CONNECTIONS,
            paramLabel = "N",
            description =
                    "Connections at a time (default: ${DEFAULT-VALUE}); one more closes the one that has been silent longest.")
    private int maxConnections;

    @Option(
            names = "--queue",
            defaultValue = "" + Limits.DEFAULT_WAITING_REQUESTS,
            paramLabel = "N",
            description = "Requests that may wait for a model (default: ${DEFAULT-VALUE}); the next gets 503.")
    private int queue;

    @Option(
            names = "--drain-timeout",
            defaultValue = "" + Limits.DEFAULT_DRAIN_SECONDS,
            paramLabel = "S",
            description = "Seconds after SIGTERM to answer what is under way (default: ${DEFAULT-VALUE}).")
    private int drainTimeout;

    @Option(
            names = "--threads",
            defaultValue = "" + RuntimeOptions.ALL_CORES,
            paramLabel = "N",
            description = "CPU threads for the model (default: as many as there are cores).")
    private int threads;

    @Option(
            names = "--goal",
            defaultValue = "latency",
            paramLabel = "GOAL",
            description = "latency: all threads share each run; throughput: each thread makes runs of its own (default:"
                    + " ${DEFAULT-VALUE}).")
    private PerformanceMode mode;

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

    @Option(names = "--json", description = "Print where it listens as one line of JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        HTTP_LOG.setLevel(Level.WARNING);
        Map<String, Path> models = models();
        RuntimeOptions runtime = options(() -> selfTest.applied(
                RuntimeOptions.defaults().withDevice(device).withMode(mode).withThreads(threads)));
        ServerOptions server = options(this::serverOptions);
        warnOfOthers();
        try (InferenceServer listening = InferenceServer.start(models, runtime, server)) {
            EndSignals signals = EndSignals.listen();
            announce(models, listening);
            signals.await();
            say("answering what is under way ...");
        }
        say("stopped");
        return 0;
    }

    private void say(String message) {
        spec.commandLine().getErr().println("portolan: " + message);
    }

    private void announce(Map<String, Path> models, InferenceServer server) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("url", server.uri().toString());
        fields.put("models", models.keySet());
        fields.put("pid", ProcessHandle.current().pid());
        spec.commandLine()
                .getOut()
                .println(
                        json
                                ? Json.line(fields)
                                : (Object) ("Serving " + String.join(", ", models.keySet()) + " at " + server.uri()
                                        + " (Ctrl-C ends it)"));
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
                throw refused("'" + name + "' cannot stand in a path; give the model another name with --name");
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

    /** What the options add up to; what is refused of them is wrong usage. */
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
