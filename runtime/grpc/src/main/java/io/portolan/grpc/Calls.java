package io.portolan.grpc;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.portolan.grpc.UnaryCall.Answering;
import io.portolan.server.HttpError;
import io.portolan.server.InferenceService;
import io.portolan.server.TransportMetrics;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** Starts calls within the limits of the service, and counts them when they end. */
final class Calls extends ServerStreamTracer.Factory implements ServerCallExecutorSupplier {
    private static final DateTimeFormatter LOG_TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH);

    /** The label of all methods that there are not, since clients can send any name. */
    private static final String OTHER = "other";

    /** The address of a client that hung up, or called a method that there is not. */
    private static final String UNKNOWN = "-";

    private final InferenceService service;
    private final Connections connections;
    private final ScheduledExecutorService timers;
    private final Duration reading;
    private final TransportMetrics metrics;
    private final Map<String, Map<String, Answering>> methods;

    /** @param reading time to read an answer, besides that for its size */
    Calls(InferenceService service, Connections connections, ScheduledExecutorService timers, Duration reading) {
        this.service = service;
        this.connections = connections;
        this.timers = timers;
        this.reading = reading;
        this.metrics = service.metricsOf("grpc");
        this.methods = new InferenceMethods(service).all();
    }

    List<ServerServiceDefinition> services() {
        return methods.entrySet().stream()
                .map(entry -> service(entry.getKey(), entry.getValue()))
                .toList();
    }

    private ServerServiceDefinition service(String name, Map<String, Answering> answers) {
        ServerServiceDefinition.Builder definition = ServerServiceDefinition.builder(name);
        answers.forEach((method, answering) -> definition.addMethod(
                MethodDescriptor.newBuilder(Messages.REQUESTS, Messages.ANSWERS)
                        // Of unary calls, the library would cancel those with two messages, without a reason.
                        .setType(MethodDescriptor.MethodType.UNKNOWN)
                        .setFullMethodName(MethodDescriptor.generateFullMethodName(name, method))
                        .build(),
                (call, headers) -> start(call, method, answering)));
        return definition.build();
    }

    private ServerCall.Listener<Received> start(
            ServerCall<Received, ByteBuffer> call, String method, Answering answering) {
        SocketAddress client = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        Exchange exchange = Exchange.current();
        connections.callStarts(client);
        exchange.onClose(() -> connections.callEnds(client));
        UnaryCall started = new UnaryCall(call, answering, exchange, timers, reading, () -> connections.close(client));
        try {
            requireWithinLimits(client, method);
            return started.start(service.options().limits().receiving());
        } catch (HttpError refused) {
            started.refuse(refused);
            return started;
        }
    }

    private void requireWithinLimits(SocketAddress client, String method) {
        if (InferenceMethods.PROBES.contains(method)) {
            return;
        }
        if (connections.isBeyondLimit(client)) {
            throw HttpError.overloaded("all " + service.options().limits().connections() + " connections are busy");
        }
        service.requireRate(addressOf(client));
    }

    private static String addressOf(SocketAddress client) {
        return client instanceof InetSocketAddress internet
                ? internet.getAddress().getHostAddress()
                : UNKNOWN;
    }

    /** Requests are read by the service's threads; the network's do what is immediate. */
    @Override
    public <Q, A> Executor getExecutor(ServerCall<Q, A> call, Metadata headers) {
        return InferenceMethods.INFER.equals(call.getMethodDescriptor().getBareMethodName()) ? service.workers() : null;
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        long start = System.nanoTime();
        String name = MethodDescriptor.extractFullServiceName(fullMethodName);
        String method = fullMethodName.substring(fullMethodName.lastIndexOf('/') + 1);
        boolean isKnown = methods.getOrDefault(String.valueOf(name), Map.of()).containsKey(method);
        return new Exchange(service, (status, attributes) -> {
            String code = status.getCode().name();
            metrics.answered(isKnown ? method : OTHER, code, System.nanoTime() - start);
            service.options()
                    .accessLog()
                    .ifPresent(log -> log.accept(logLine(attributes, isKnown ? fullMethodName : OTHER, code)));
        });
    }

    /** A line in the common log format, with gRPC's code as the status. */
    private static String logLine(Attributes attributes, String path, String code) {
        return addressOf(attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)) + " - - ["
                + LOG_TIME.format(ZonedDateTime.now()) + "] \"POST /" + path + " HTTP/2.0\" " + code + " -";
    }
}
