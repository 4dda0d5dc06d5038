package io.portolan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.portolan.runtime.TinyModels;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is too much is refused, in form, and what is allowed goes on. */
@Timeout(60)
class LimitsTest {
    private static final String INFER = "/v2/models/m/infer";
    private static final int SMALL = 2000;

    /** For a model with two columns. */
    static final String GOOD =
            "{\"inputs\": [{\"name\": \"in\", \"shape\": [1, 2], \"datatype\": \"FP32\", \"data\": [1, 2]}]}";

    @TempDir
    private Path folder;

    @Test
    void bodiesThatAreTooLong() {
        try (TestServer server =
                serve(new Limits(SMALL, 0, 100, 100, Duration.ofSeconds(30), Duration.ZERO), Batching.defaults())) {
            byte[] padded = padded(SMALL);
            assertThat(server.send("POST", INFER, "application/json", padded).statusCode())
                    .isEqualTo(200);

            HttpResponse<byte[]> declared = server.send("POST", INFER, "application/json", padded(SMALL + 1));
            assertThat(declared.statusCode()).isEqualTo(413);
            assertThat(TestServer.error(declared)).contains("2000 bytes at most");
            HttpResponse<byte[]> chunked =
                    server.send(HttpRequest.newBuilder(server.uri().resolve(INFER))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(padded(SMALL + 1))))
                            .build());
            assertThat(chunked.statusCode()).isEqualTo(413);
            assertThat(TestServer.error(chunked)).contains("2000 bytes at most");
            assertThat(server.heldBodies()).isZero();
        }
    }

    @Test
    void lengthsThatNobodyMeansTakeNoMemory() throws IOException {
        try (TestServer server = serve(Limits.defaults(), Batching.defaults());
                Socket socket = new Socket(server.uri().getHost(), server.uri().getPort())) {
            socket.getOutputStream().write(head("Content-Length: 9223372036854775807"));
            assertThat(read(socket)).startsWith("HTTP/1.1 413 ").contains("{\"error\":\"");
        }
    }

    @Test
    void bodiesThatAreTooSlow() throws IOException {
        try (TestServer server = serve(
                        new Limits(SMALL, 0, 100, 100, Duration.ofMillis(300), Duration.ZERO), Batching.defaults());
                Socket socket = new Socket(server.uri().getHost(), server.uri().getPort())) {
            socket.getOutputStream().write(head("Content-Length: 100"));
            socket.getOutputStream().write('{');
            assertThat(read(socket)).startsWith("HTTP/1.1 408 ").contains("did not arrive within");
            assertThat(server.heldBodies()).isZero();
        }
    }

    @Test
    void requestsThatComeTooOften() {
        try (TestServer server =
                serve(new Limits(SMALL, 5, 100, 100, Duration.ofSeconds(30), Duration.ZERO), Batching.defaults())) {
            List<HttpResponse<byte[]>> responses =
                    IntStream.range(0, 50).mapToObj(i -> server.get("/v2")).toList();
            assertThat(responses.get(0).statusCode()).isEqualTo(200);
            HttpResponse<byte[]> refused = responses.stream()
                    .filter(response -> response.statusCode() == 429)
                    .findFirst()
                    .orElseThrow();
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");
            assertThat(TestServer.error(refused)).contains("more than 5 requests a second");
            Protocol.ERROR.requireValid(TestServer.json(refused));
            // Probes and metrics go on.
            assertThat(server.get("/v2/health/ready").statusCode()).isEqualTo(200);
            assertThat(server.metric("portolan_http_requests_total{method=\"GET\",route=\"none\",status=\"429\"}"))
                    .isPositive();
        }
    }

    /** One batch of two runs or gathers, and two requests wait: of forty at the same time some are refused. */
    @Test
    void moreRequestsThanMayWait() {
        Limits limits = new Limits(SMALL, 0, 100, 2, Duration.ofSeconds(30), Duration.ofSeconds(10));
        try (TestServer server = serve(limits, new Batching(2, Duration.ofSeconds(1)))) {
            List<CompletableFuture<HttpResponse<byte[]>>> calls = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                calls.add(CompletableFuture.supplyAsync(
                        () -> server.post(INFER, GOOD), command -> new Thread(command).start()));
            }
            List<HttpResponse<byte[]>> responses =
                    calls.stream().map(CompletableFuture::join).toList();
            assertThat(responses)
                    .extracting(HttpResponse::statusCode)
                    .contains(200)
                    .containsOnly(200, 503);
            responses.stream().filter(response -> response.statusCode() == 503).forEach(response -> {
                assertThat(TestServer.error(response)).contains("too many requests are waiting", "try again");
                assertThat(response.headers().firstValue("Retry-After")).contains("1");
            });
        }
    }

    @Test
    void limitsThatAreNone() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> new Limits(0, 0, 1, 1, second, second)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Limits(1, -1, 1, 1, second, second)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Limits(1, 0, 1, 1, Duration.ZERO, second))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Limits.defaults().withAnswerBytes(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Limits.defaults().withHead(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Batching(-1, second)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TestServer.OPTIONS.withPort(70_000)).isInstanceOf(IllegalArgumentException.class);
    }

    private TestServer serve(Limits limits, Batching batching) {
        return TestServer.of(
                folder,
                TestServer.OPTIONS.withLimits(limits).withBatching(batching),
                Map.of("m", TinyModels.unary("Neg", TensorProto.DataType.FLOAT, TinyModels.OPEN, 2)));
    }

    /** A valid request of the given size in bytes. */
    private static byte[] padded(int bytes) {
        return (GOOD + " ".repeat(bytes - GOOD.length())).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] head(String length) {
        return ("POST " + INFER + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String read(Socket socket) throws IOException {
        socket.setSoTimeout(20_000);
        InputStream in = socket.getInputStream();
        StringBuilder text = new StringBuilder();
        while (!text.toString().endsWith("}")) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            text.append((char) next);
        }
        return text.toString();
    }
}
