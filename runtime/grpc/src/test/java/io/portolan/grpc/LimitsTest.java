package io.portolan.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ServerLiveRequest;
import inference.ServerLiveResponse;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.portolan.runtime.RuntimeOptions;
import io.portolan.runtime.TinyModels;
import io.portolan.server.Batching;
import io.portolan.server.InferenceServer;
import io.portolan.server.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LimitsTest {
    private static final MethodDescriptor<ServerLiveRequest, ServerLiveResponse> LIVE = TestServer.method(
            "ServerLive", ServerLiveRequest.getDefaultInstance(), ServerLiveResponse.getDefaultInstance());

    @TempDir
    private Path folder;

    private TestServer serve(Limits limits, Batching batching) {
        return TestServer.of(
                folder,
                TestServer.OPTIONS.withLimits(limits).withBatching(batching),
                Map.of(
                        "sums", TinyModels.sumAndDifference(),
                        "expand", TinyModels.expand(),
                        "wide", TinyModels.wide(),
                        "bytes",
                                TinyModels.unary(
                                        "Identity", TensorProto.DataType.UINT8, TinyModels.OPEN, TinyModels.OPEN)));
    }

    private static Limits limits(int perSecond, int connections, int waiting, Duration receiving) {
        return new Limits(1 << 20, perSecond, connections, waiting, receiving, Duration.ZERO);
    }

    private static Limits many() {
        return limits(Limits.UNLIMITED, 1024, 512, Duration.ofSeconds(30));
    }

    @Test
    void moreRequestsThanTheRate() {
        try (TestServer server = serve(limits(5, 100, 100, Duration.ofSeconds(30)), Batching.defaults())) {
            List<Status> refused = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                try {
                    server.infer(Requests.sums().build());
                } catch (StatusRuntimeException tooMany) {
                    refused.add(tooMany.getStatus());
                }
            }
            assertThat(refused).hasSizeGreaterThan(10).allSatisfy(status -> {
                assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                assertThat(status.getDescription()).contains("more than 5 requests a second");
            });
            // Probes go on.
            assertThat(server.call(LIVE, ServerLiveRequest.getDefaultInstance()).getLive())
                    .isTrue();
        }
    }

    /** A run of this takes longer than twenty requests to arrive, of which two may wait. */
    @Test
    void moreRequestsThanMayWait() {
        try (TestServer server = serve(limits(Limits.UNLIMITED, 100, 2, Duration.ofSeconds(30)), Batching.defaults())) {
            List<ManagedChannel> channels =
                    IntStream.range(0, 20).mapToObj(i -> server.connect()).toList();
            List<Observer> calls = channels.stream()
                    .map(channel -> Observer.of(channel, expand(3000, 1000)))
                    .toList();
            assertThat(calls.stream().map(call -> call.end().getCode()).toList())
                    .contains(Status.Code.OK, Status.Code.UNAVAILABLE)
                    .containsOnly(Status.Code.OK, Status.Code.UNAVAILABLE);
            channels.forEach(ManagedChannel::shutdownNow);
        }
    }

    @Test
    void aMessageThatDoesNotArriveIsNotWaitedForForever() {
        try (TestServer server =
                serve(limits(Limits.UNLIMITED, 100, 100, Duration.ofMillis(300)), Batching.defaults())) {
            // Of a unary call, the client's library would send nothing without a message.
            var method = TestServer.INFER.toBuilder()
                    .setType(MethodDescriptor.MethodType.UNKNOWN)
                    .build();
            Observer observer = new Observer();
            server.channel().newCall(method, CallOptions.DEFAULT).start(observer, new Metadata());
            assertThat(observer.end())
                    .matches(status -> status.getCode() == Status.Code.DEADLINE_EXCEEDED)
                    .asString()
                    .contains("did not arrive within");
        }
    }

    /** Requests in progress may take a quarter of the heap together. A batch that never fills holds them. */
    @Test
    @Tag("slow")
    void requestsThatTakeTheMemoryOfAll() {
        int size = 1 << 26;
        Limits limits = new Limits(size + 1000, Limits.UNLIMITED, 100, 512, Duration.ofSeconds(30), Duration.ZERO);
        int fit = (int) (Runtime.getRuntime().maxMemory() / 4 / size);
        try (TestServer server = serve(limits, new Batching(1000, Duration.ofSeconds(10)))) {
            ModelInferRequest large = ModelInferRequest.newBuilder()
                    .setModelName("bytes")
                    .addInputs(Requests.input("in", "UINT8", 1, size))
                    .addRawInputContents(ByteString.copyFrom(new byte[size]))
                    .build();
            List<Observer> calls = IntStream.rangeClosed(0, fit)
                    .mapToObj(i -> Observer.of(server.channel(), large))
                    .toList();
            assertThat(calls.stream().map(Observer::end).filter(status -> status.getCode() == Status.Code.UNAVAILABLE))
                    .isNotEmpty()
                    .allMatch(status -> status.getDescription().contains("take all memory reserved for them"));
            assertThat(server.heldBodies()).isZero();
            assertThat(server.infer(Requests.sums().build()).getOutputsCount()).isEqualTo(2);
        }
    }

    @Test
    void answersAreRefusedBeforeTheyAreComputedIfTheirSizeIsKnown() {
        try (TestServer server = serve(many().withAnswerBytes(1 << 20), Batching.defaults())) {
            assertThat(server.infer(wide(3)).getOutputs(0).getShapeList()).containsExactly(3L, 65_536L);
            double runs = server.metric("portolan_model_run_seconds_count{model=\"wide\"}");
            assertAnswerRefused(server.refusal(TestServer.INFER, wide(5)));
            assertThat(server.metric("portolan_model_run_seconds_count{model=\"wide\"}"))
                    .isEqualTo(runs);
            assertThat(server.infer(expand(10, 10)).getOutputs(0).getShapeList())
                    .containsExactly(10L, 10L);
            assertAnswerRefused(server.refusal(TestServer.INFER, expand(600, 600)));
            assertAnswerRefused(server.refusal(TestServer.INFER, expand(1_000_000, 1_000_000)));
        }
    }

    private static void assertAnswerRefused(Status status) {
        assertThat(status.getCode()).as(status.toString()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(status.getDescription())
                .containsAnyOf("more than 1048576 bytes", "may take 1048576", "memory")
                .doesNotContain("onnx");
    }

    private static ModelInferRequest wide(int rows) {
        return ModelInferRequest.newBuilder()
                .setModelName("wide")
                .addInputs(Requests.input("x", "FP32", rows, 1))
                .addRawInputContents(Requests.bytes(new float[rows]))
                .build();
    }

    private static ModelInferRequest expand(long rows, long columns) {
        return ModelInferRequest.newBuilder()
                .setModelName("expand")
                .addInputs(Requests.floats("x", List.of(1.25f), 1))
                .addInputs(Requests.input("s", "INT64", 2)
                        .setContents(InferTensorContents.newBuilder()
                                .addInt64Contents(rows)
                                .addInt64Contents(columns)))
                .build();
    }

    @Test
    void aClientThatDoesNotReadItsAnswerIsHungUpOn() {
        try (TestServer server = serve(many(), Batching.defaults())) {
            ManagedChannel channel = server.connect(1 << 16);
            var call = channel.newCall(TestServer.INFER, CallOptions.DEFAULT);
            Observer observer = new Observer();
            call.start(observer, new Metadata());
            call.sendMessage(wide(1));
            call.halfClose();
            // Nothing is requested, so that the client's library stops reading when its window is full.
            while (!server.metrics().contains("portolan_grpc_requests_total{method=\"ModelInfer\"")) {
                LockSupport.parkNanos(10_000_000);
            }
            call.request(1);
            assertThat(observer.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            channel.shutdownNow();
            assertThat(server.heldBodies()).isZero();
        }
    }

    @Test
    void aDeadlineEndsTheCallAndNotTheServer() {
        try (TestServer server = serve(many(), new Batching(1000, Duration.ofMillis(700)))) {
            assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(
                            server.channel(),
                            TestServer.INFER,
                            CallOptions.DEFAULT.withDeadlineAfter(100, TimeUnit.MILLISECONDS),
                            Requests.sums().build()))
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("DEADLINE_EXCEEDED");
            assertThat(server.infer(Requests.sums().build()).getOutputsCount()).isEqualTo(2);
            assertThat(server.heldBodies()).isZero();
        }
    }

    @Test
    void idleConnectionsMakeRoomForNewOnes() throws IOException {
        try (TestServer server = serve(limits(Limits.UNLIMITED, 3, 100, Duration.ofSeconds(30)), Batching.defaults())) {
            List<Socket> silent = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                silent.add(new Socket("127.0.0.1", server.port()));
            }
            assertThat(server.infer(Requests.sums().build()).getOutputsCount()).isEqualTo(2);
            // The one that was opened first was closed: its stream ends after the server's greeting.
            silent.get(0).setSoTimeout(10_000);
            assertThat(silent.get(0).getInputStream().readAllBytes()).hasSizeLessThan(1000);
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void connectionsBeyondTheLimitAreToldSoAndProbesAreAnswered() {
        Batching slow = new Batching(1000, Duration.ofSeconds(2));
        try (TestServer server = serve(limits(Limits.UNLIMITED, 2, 100, Duration.ofSeconds(30)), slow)) {
            List<ManagedChannel> channels =
                    IntStream.range(0, 3).mapToObj(i -> server.connect()).toList();
            List<Observer> busy = channels.subList(0, 2).stream()
                    .map(channel -> Observer.of(channel, Requests.sums().build()))
                    .toList();
            while (server.metric("portolan_body_bytes")
                    < 2.0 * Requests.sums().build().getSerializedSize()) {
                Thread.onSpinWait();
            }
            assertThat(Observer.of(channels.get(2), Requests.sums().build()).end())
                    .matches(status -> status.getCode() == Status.Code.UNAVAILABLE)
                    .asString()
                    .contains("all 2 connections are busy");
            assertThat(ClientCalls.blockingUnaryCall(
                                    channels.get(2), LIVE, CallOptions.DEFAULT, ServerLiveRequest.getDefaultInstance())
                            .getLive())
                    .isTrue();
            assertThat(busy).allMatch(call -> call.end().isOk());
            channels.forEach(ManagedChannel::shutdownNow);
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> InferenceServer.start(
                            Map.of("m", TinyModels.save(folder, TinyModels.sumAndDifference())),
                            RuntimeOptions.defaults(),
                            TestServer.OPTIONS,
                            new GrpcTransport(taken.getLocalPort())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot listen on port " + taken.getLocalPort() + " of 127.0.0.1 for gRPC");
        }
        assertThatThrownBy(() -> new GrpcTransport(65_536)).isInstanceOf(IllegalArgumentException.class);
    }
}
