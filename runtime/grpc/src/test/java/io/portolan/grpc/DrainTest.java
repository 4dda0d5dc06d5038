package io.portolan.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import ai.onnx.proto.OnnxMl.TensorProto;
import inference.ModelInferRequest;
import io.grpc.Status;
import io.portolan.runtime.TinyModels;
import io.portolan.server.Batching;
import io.portolan.server.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DrainTest {
    private static final int CLIENTS = 30;
    private static final ModelInferRequest REQUEST = ModelInferRequest.newBuilder()
            .setModelName("m")
            .addInputs(Requests.floats("in", List.of(1f, 2f), 1, 2))
            .build();

    @TempDir
    private Path folder;

    @Test
    void aServerThatClosesAnswersWhatItHasAndAcceptsNothingMore() {
        // A batch that never fills holds the requests.
        try (TestServer server = serve(Duration.ofSeconds(20), Duration.ofMillis(1500))) {
            List<Observer> calls = calls(server);
            server.shutDown();

            assertThat(calls).allMatch(call -> call.end().isOk());
            assertThat(calls)
                    .extracting(
                            call -> call.answer().getOutputs(0).getContents().getFp32ContentsList())
                    .containsOnly(List.of(-1f, -2f));
            assertThat(server.refusal(TestServer.INFER, REQUEST).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    @Test
    void aServerThatIsNotGivenTheTimeDoesNotTakeIt() {
        try (TestServer server = serve(Duration.ofMillis(200), Duration.ofHours(1))) {
            List<Observer> calls = calls(server);
            assertTimeout(Duration.ofSeconds(20), server::shutDown);

            assertThat(calls).noneMatch(call -> call.end().isOk());
        }
    }

    private TestServer serve(Duration drain, Duration maxWait) {
        Limits limits = new Limits(1 << 20, Limits.UNLIMITED, 1024, 512, Duration.ofSeconds(30), drain);
        return TestServer.of(
                folder,
                TestServer.OPTIONS.withLimits(limits).withBatching(new Batching(1000, maxWait)),
                Map.of("m", TinyModels.unary("Neg", TensorProto.DataType.FLOAT, TinyModels.OPEN, 2)));
    }

    /** Calls that the server has received. */
    private static List<Observer> calls(TestServer server) {
        List<Observer> calls = IntStream.range(0, CLIENTS)
                .mapToObj(i -> Observer.of(server.channel(), REQUEST))
                .toList();
        while (server.metric("portolan_body_bytes") < CLIENTS * REQUEST.getSerializedSize()) {
            Thread.onSpinWait();
        }
        return calls;
    }
}
