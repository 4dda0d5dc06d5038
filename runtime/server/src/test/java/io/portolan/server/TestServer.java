package io.portolan.server;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portolan.runtime.RuntimeOptions;
import io.portolan.runtime.TinyModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A server of tiny models on a free port, and a client of it. */
final class TestServer implements AutoCloseable {
    /** Nothing is owed when a test ends, so closing need not wait for idle clients. */
    static final ServerOptions OPTIONS = ServerOptions.defaults()
            .withPort(0)
            .withLimits(new Limits(1 << 20, Limits.UNLIMITED, 1024, 512, Duration.ofSeconds(30), Duration.ZERO));

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Referenced here, because a garbage-collected logger loses its level. */
    private static final Logger STARTS_AND_STOPS = Logger.getLogger("org.eclipse.jetty");

    static {
        STARTS_AND_STOPS.setLevel(Level.WARNING);
    }

    private final HttpClient client = HttpClient.newHttpClient();
    private final InferenceServer server;

    private TestServer(InferenceServer server) {
        this.server = server;
    }

    static TestServer of(Path folder, ServerOptions options, Map<String, ModelProto.Builder> models) {
        Map<String, Path> files = new LinkedHashMap<>();
        models.forEach((name, model) -> files.put(name, save(folder, name, model)));
        try {
            return new TestServer(
                    InferenceServer.start(files, RuntimeOptions.defaults().withThreads(1), options));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path save(Path folder, String name, ModelProto.Builder model) {
        try {
            return TinyModels.save(Files.createDirectories(folder.resolve(name)), model);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    URI uri() {
        return server.uri();
    }

    HttpResponse<byte[]> get(String path) {
        return send("GET", path, null, new byte[0]);
    }

    /** Sends JSON. */
    HttpResponse<byte[]> post(String path, String json) {
        return send("POST", path, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    /** @param type of the body; null if it is not to be said */
    HttpResponse<byte[]> send(String method, String path, String type, byte[] body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.uri().resolve(path)).method(method, BodyPublishers.ofByteArray(body));
        if (type != null) {
            request.header("Content-Type", type);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofByteArray());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static JsonNode json(HttpResponse<byte[]> response) {
        return json(response.body());
    }

    static JsonNode json(byte[] text) {
        try {
            return JSON.readTree(text);
        } catch (IOException failure) {
            throw new UncheckedIOException(new String(text, StandardCharsets.UTF_8), failure);
        }
    }

    static String error(HttpResponse<byte[]> response) {
        return json(response).path("error").asText();
    }

    /** The bytes of request bodies that are held once the requests so far are over: a body is released after its response. */
    double heldBodies() {
        double held = metric("portolan_body_bytes");
        for (int i = 0; i < 100 && held != 0; i++) {
            LockSupport.parkNanos(10_000_000);
            held = metric("portolan_body_bytes");
        }
        return held;
    }

    /** One number, as the server says it in /metrics. */
    double metric(String line) {
        return new String(get("/metrics").body(), StandardCharsets.UTF_8)
                .lines()
                .filter(candidate -> candidate.startsWith(line + " "))
                .mapToDouble(candidate -> Double.parseDouble(candidate.substring(line.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() {
        server.close();
    }
}
