package io.portolan.server;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.portolan.images.ImageInput;
import io.portolan.runtime.TinyModels;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests that share runs get their own answers. */
@Timeout(60)
class SharedRunsTest {
    private static final int CLIENTS = 24;
    private static final Duration LONG = Duration.ofMillis(100);

    private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        clients.shutdownNow();
    }

    @Test
    void requestsOfManySizesShareRuns() {
        try (TestServer server = serve(negation(TinyModels.OPEN), new Batching(8, LONG))) {
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                answers.add(ask(server, client, client % 4));
            }
            for (int client = 0; client < CLIENTS; client++) {
                assertThat(answers.get(client).join()).isEqualTo(negated(client, client % 4));
            }
            // 36 rows in runs of 8 at most; a request of no rows is never joined, but may be the first of a batch.
            assertThat(runs(server)).isLessThan(CLIENTS);
            assertThat(server.metric("portolan_batch_samples_bucket{model=\"m\",le=\"8.0\"}"))
                    .isEqualTo(runs(server));
        }
    }

    @Test
    void moreRowsThanARunMayHaveGoPieceByPiece() {
        try (TestServer server = serve(negation(TinyModels.OPEN), new Batching(8, Duration.ZERO))) {
            assertThat(ask(server, 5, 21).join()).isEqualTo(negated(5, 21));
            assertThat(runs(server)).isEqualTo(3);
        }
    }

    /** Otherwise a short request would keep the model busy for hours. */
    @Test
    void rowsWithoutElementsTakeOneRun() {
        ModelProto.Builder model = TinyModels.unary("Neg", TensorProto.DataType.FLOAT, TinyModels.OPEN, 0);
        try (TestServer server = serve(model, new Batching(8, Duration.ZERO))) {
            assertThat(infer(server, "FP32", "[2000000000, 0]", "[]")).isEqualTo("[]");
            assertThat(runs(server)).isEqualTo(1);
        }
    }

    @Test
    void stringsShareRunsToo() {
        ModelProto.Builder model = TinyModels.unary("Identity", TensorProto.DataType.STRING, TinyModels.OPEN);
        try (TestServer server = serve(model, new Batching(5, LONG))) {
            List<CompletableFuture<String>> answers = IntStream.range(0, CLIENTS)
                    .mapToObj(client -> CompletableFuture.supplyAsync(
                            () -> infer(
                                    server,
                                    "BYTES",
                                    "[2]",
                                    "[\"" + "x".repeat(client) + "\",\"\u00e9" + client + "\"]"),
                            clients))
                    .toList();
            for (int client = 0; client < CLIENTS; client++) {
                assertThat(answers.get(client).join())
                        .isEqualTo("[\"" + "x".repeat(client) + "\",\"\u00e9" + client + "\"]");
            }
            assertThat(runs(server)).isLessThan(CLIENTS);
        }
    }

    /** Softmax over the first axis would give other answers to rows in company. */
    @Test
    void modelsWhoseFirstAxisMayBeAnythingRunAlone() {
        try (TestServer server = serve(negation(TinyModels.OPEN), new Batching(Batching.MODELS_OWN, LONG))) {
            IntStream.range(0, CLIENTS)
                    .mapToObj(client -> ask(server, client, 1))
                    .toList()
                    .forEach(CompletableFuture::join);
            assertThat(runs(server)).isEqualTo(CLIENTS);
        }
    }

    @Test
    void aFixedShapeIsKeptTo() {
        try (TestServer server = serve(negation(3), new Batching(8, Duration.ZERO))) {
            assertThat(ask(server, 1, 3).join()).isEqualTo(negated(1, 3));
            HttpResponse<byte[]> refused = server.post("/v2/models/m/infer", request("FP32", "[2, 2]", "[1, 2, 3, 4]"));
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(TestServer.error(refused)).contains("has shape [3, 2]");
        }
    }

    @Test
    void modelsThatDescribeThemselvesShareRunsByDefault() {
        ImageInput input = ImageInput.still(2, 2);
        ModelProto.Builder model = TinyModels.describe(
                TinyModels.brightness(TinyModels.OPEN, input),
                TinyModels.metadata(input).toMap());
        try (TestServer server = serve(model, new Batching(Batching.MODELS_OWN, LONG))) {
            double warmUps = runs(server);
            List<CompletableFuture<String>> answers = IntStream.range(0, CLIENTS)
                    .mapToObj(client -> CompletableFuture.supplyAsync(
                                    () -> server.post(
                                            "/v2/models/m/infer",
                                            request("FP32", "[1, 2, 2, 3]", values(12, client + 1))
                                                    .replace("\"in\"", "\"image\"")),
                                    clients)
                            .thenApply(response -> TestServer.json(response)
                                    .at("/outputs/0/data")
                                    .toString()))
                    .toList();
            for (int client = 0; client < CLIENTS; client++) {
                // The sum of three channel means.
                assertThat(answers.get(client).join())
                        .isEqualTo("[" + -3.0 * (client + 1) + "," + 3.0 * (client + 1) + "]");
            }
            assertThat(runs(server) - warmUps).isLessThan(CLIENTS);
        }
    }

    private CompletableFuture<String> ask(TestServer server, int value, int rows) {
        return CompletableFuture.supplyAsync(
                () -> infer(server, "FP32", "[" + rows + ", 2]", values(2 * rows, value)), clients);
    }

    private static String infer(TestServer server, String datatype, String shape, String data) {
        return TestServer.json(server.post("/v2/models/m/infer", request(datatype, shape, data)))
                .at("/outputs/0/data")
                .toString();
    }

    private static String request(String datatype, String shape, String data) {
        return "{\"inputs\": [{\"name\": \"in\", \"shape\": " + shape + ", \"datatype\": \"" + datatype
                + "\", \"data\": " + data + "}]}";
    }

    private static String values(int count, int value) {
        return IntStream.range(0, count)
                .mapToObj(i -> Integer.toString(value))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String negated(int value, int rows) {
        return IntStream.range(0, 2 * rows)
                .mapToObj(i -> Float.toString(-(float) value))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static double runs(TestServer server) {
        return server.metric("portolan_batch_samples_count{model=\"m\"}");
    }

    private static ModelProto.Builder negation(long rows) {
        return TinyModels.unary("Neg", TensorProto.DataType.FLOAT, rows, 2);
    }

    private TestServer serve(ModelProto.Builder model, Batching batching) {
        return TestServer.of(folder, TestServer.OPTIONS.withBatching(batching), Map.of("m", model));
    }
}
