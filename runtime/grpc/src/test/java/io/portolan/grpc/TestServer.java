package io.portolan.grpc;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.Message;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.portolan.runtime.RuntimeOptions;
import io.portolan.runtime.TinyModels;
import io.portolan.server.InferenceServer;
import io.portolan.server.Limits;
import io.portolan.server.ServerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A server of tiny models on free ports, and a client of gRPC's own libraries. */
final class TestServer implements AutoCloseable {
    /** Nothing is owed when a test ends, so closing need not wait for idle clients. */
    static final ServerOptions OPTIONS = ServerOptions.defaults()
            .withPort(0)
            .withLimits(new Limits(1 << 20, Limits.UNLIMITED, 1024, 512, Duration.ofSeconds(30), Duration.ZERO));

    /** The method of most tests. */
    static final MethodDescriptor<ModelInferRequest, ModelInferResponse> INFER =
            method("ModelInfer", ModelInferRequest.getDefaultInstance(), ModelInferResponse.getDefaultInstance());

    private final HttpClient http = HttpClient.newHttpClient();
    /** Answers that are not read for this time end their connection. */
    private static final Duration READING = Duration.ofSeconds(1);

    /** Referenced here, because a garbage-collected logger loses its level; the libraries log what clients do wrong. */
    private static final List<Logger> LIBRARIES =
            List.of(Logger.getLogger("org.eclipse.jetty"), Logger.getLogger("io.grpc"));

    static {
        LIBRARIES.forEach(library -> library.setLevel(Level.SEVERE));
    }

    private final GrpcTransport transport = new GrpcTransport(0, READING);
    private final InferenceServer server;
    private final ManagedChannel channel;

    private TestServer(Map<String, Path> files, ServerOptions options) {
        try {
            server = InferenceServer.start(files, RuntimeOptions.defaults().withThreads(1), options, transport);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        channel = connect();
    }

    static TestServer of(Path folder, ServerOptions options, Map<String, ModelProto.Builder> models) {
        Map<String, Path> files = new LinkedHashMap<>();
        models.forEach((name, model) -> files.put(name, save(folder, name, model)));
        return new TestServer(files, options);
    }

    private static Path save(Path folder, String name, ModelProto.Builder model) {
        try {
            return TinyModels.save(Files.createDirectories(folder.resolve(name)), model);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static <Q extends Message, A extends Message> MethodDescriptor<Q, A> method(String name, Q request, A answer) {
        return method("inference.GRPCInferenceService", name, ProtoUtils.marshaller(request), answer);
    }

    static <Q, A extends Message> MethodDescriptor<Q, A> method(
            String service, String name, MethodDescriptor.Marshaller<Q> request, A answer) {
        return MethodDescriptor.newBuilder(request, ProtoUtils.marshaller(answer))
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(service, name))
                .build();
    }

    /** A connection of its own. */
    ManagedChannel connect() {
        return connect(NettyChannelBuilder.DEFAULT_FLOW_CONTROL_WINDOW);
    }

    /** @param window bytes that the client takes before it is asked for more */
    ManagedChannel connect(int window) {
        return NettyChannelBuilder.forAddress("127.0.0.1", transport.port())
                .usePlaintext()
                .flowControlWindow(window)
                .maxInboundMessageSize(Integer.MAX_VALUE)
                .build();
    }

    ManagedChannel channel() {
        return channel;
    }

    int port() {
        return transport.port();
    }

    URI uri() {
        return server.uri();
    }

    <Q, A> A call(MethodDescriptor<Q, A> method, Q request) {
        return ClientCalls.blockingUnaryCall(
                channel, method, CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS), request);
    }

    ModelInferResponse infer(ModelInferRequest request) {
        return call(INFER, request);
    }

    /** How the server refuses a request. */
    <Q, A> Status refusal(MethodDescriptor<Q, A> method, Q request) {
        try {
            throw new AssertionError("answered: " + call(method, request));
        } catch (StatusRuntimeException refused) {
            return refused.getStatus();
        }
    }

    HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    String metrics() {
        HttpRequest request =
                HttpRequest.newBuilder(server.uri().resolve("/metrics")).build();
        return new String(send(request).body(), StandardCharsets.UTF_8);
    }

    /** One number, as the server says it in /metrics. */
    double metric(String line) {
        return metrics()
                .lines()
                .filter(candidate -> candidate.startsWith(line + " "))
                .mapToDouble(candidate -> Double.parseDouble(candidate.substring(line.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    /** The bytes of requests that are held once the calls so far are over: they are released after the answer. */
    double heldBodies() {
        double held = metric("portolan_body_bytes");
        for (int i = 0; i < 200 && held != 0; i++) {
            LockSupport.parkNanos(10_000_000);
            held = metric("portolan_body_bytes");
        }
        return held;
    }

    void shutDown() {
        server.close();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.close();
    }
}
