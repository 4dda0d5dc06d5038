package io.portolan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.portolan.runtime.TinyModels;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DrainTest {
    private static final int CLIENTS = 30;
    private static final String REQUEST =
            "{\"inputs\": [{\"name\": \"in\", \"shape\": [1, 2], \"datatype\": \"FP32\", \"data\": [1, 2]}]}";

    private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        clients.shutdownNow();
    }

    @Test
    void aServerThatClosesAnswersWhatItHasAndAcceptsNothingMore() throws Exception {
        // A batch that never fills holds the requests, for longer than idle connections are left open then.
        TestServer server = serve(Duration.ofSeconds(20), Duration.ofMillis(3000));
        List<CompletableFuture<HttpResponse<byte[]>>> calls = calls(server);
        server.close();

        assertThat(CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)))
                .succeedsWithin(Duration.ofSeconds(5));
        assertThat(calls).extracting(call -> call.join().statusCode()).containsOnly(200);
        assertThat(calls)
                .extracting(call ->
                        TestServer.json(call.join()).at("/outputs/0/data").toString())
                .containsOnly("[-1.0,-2.0]");
        assertThatThrownBy(() -> server.get("/v2/health/ready")).isInstanceOf(UncheckedIOException.class);
        server.close();
    }

    @Test
    void aServerThatIsNotGivenTheTimeDoesNotTakeIt() throws Exception {
        TestServer server = serve(Duration.ofMillis(200), Duration.ofHours(1));
        List<CompletableFuture<HttpResponse<byte[]>>> calls = calls(server);
        assertTimeout(Duration.ofSeconds(20), server::close);

        assertThat(calls).allSatisfy(call -> assertThat(call).failsWithin(Duration.ofSeconds(5)));
    }

    private TestServer serve(Duration drain, Duration maxWait) {
        Limits limits = new Limits(1 << 20, Limits.UNLIMITED, 1024, 512, Duration.ofSeconds(30), drain);
        return TestServer.of(
                folder,
                TestServer.OPTIONS.withLimits(limits).withBatching(new Batching(1000, maxWait)),
                Map.of("m", TinyModels.unary("Neg", TensorProto.DataType.FLOAT, TinyModels.OPEN, 2)));
    }

    /** Calls that the server has received. */
    private List<CompletableFuture<HttpResponse<byte[]>>> calls(TestServer server) throws InterruptedException {
        List<CompletableFuture<HttpResponse<byte[]>>> calls = IntStream.range(0, CLIENTS)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> server.post("/v2/models/m/infer", REQUEST), clients))
                .toList();
        while (server.metric("portolan_body_bytes") < CLIENTS * REQUEST.length()) {
            Thread.sleep(10);
        }
        return calls;
    }
}
