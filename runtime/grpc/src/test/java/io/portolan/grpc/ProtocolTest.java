package io.portolan.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import com.google.protobuf.Int32Value;
import com.google.protobuf.StringValue;
import inference.InferParameter;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferRequestedOutputTensor;
import inference.ModelInferResponse;
import inference.ModelInferResponse.InferOutputTensor;
import inference.ModelMetadataRequest;
import inference.ModelMetadataResponse;
import inference.ModelMetadataResponse.TensorMetadata;
import inference.ModelReadyRequest;
import inference.ModelReadyResponse;
import inference.ServerLiveRequest;
import inference.ServerLiveResponse;
import inference.ServerMetadataRequest;
import inference.ServerMetadataResponse;
import inference.ServerReadyRequest;
import inference.ServerReadyResponse;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.portolan.runtime.TinyModels;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The protocol's methods, called by a client of generated code. */
@Timeout(60)
class ProtocolTest {
    private static final MethodDescriptor<ModelReadyRequest, ModelReadyResponse> READY = TestServer.method(
            "ModelReady", ModelReadyRequest.getDefaultInstance(), ModelReadyResponse.getDefaultInstance());
    private static final MethodDescriptor<ModelMetadataRequest, ModelMetadataResponse> METADATA = TestServer.method(
            "ModelMetadata", ModelMetadataRequest.getDefaultInstance(), ModelMetadataResponse.getDefaultInstance());

    /** gRPC's health messages: a text goes in and a number comes out, which StringValue and Int32Value are too. */
    private static final MethodDescriptor<StringValue, Int32Value> HEALTH = TestServer.method(
            "grpc.health.v1.Health",
            "Check",
            ProtoUtils.marshaller(StringValue.getDefaultInstance()),
            Int32Value.getDefaultInstance());

    @TempDir
    private static Path folder;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.of(
                folder,
                TestServer.OPTIONS,
                Map.of(
                        "sums", TinyModels.sumAndDifference(),
                        "optional", TinyModels.optionalBias()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void theServerIsLiveReadyAndNamed() {
        assertThat(server.call(
                                TestServer.method(
                                        "ServerLive",
                                        ServerLiveRequest.getDefaultInstance(),
                                        ServerLiveResponse.getDefaultInstance()),
                                ServerLiveRequest.getDefaultInstance())
                        .getLive())
                .isTrue();
        assertThat(server.call(
                                TestServer.method(
                                        "ServerReady",
                                        ServerReadyRequest.getDefaultInstance(),
                                        ServerReadyResponse.getDefaultInstance()),
                                ServerReadyRequest.getDefaultInstance())
                        .getReady())
                .isTrue();
        ServerMetadataResponse named = server.call(
                TestServer.method(
                        "ServerMetadata",
                        ServerMetadataRequest.getDefaultInstance(),
                        ServerMetadataResponse.getDefaultInstance()),
                ServerMetadataRequest.getDefaultInstance());
        assertThat(named.getName()).isEqualTo("portolan");
        assertThat(named.getVersion()).isNotEmpty();
    }

    @Test
    void gRpcsHealthProtocolIsAnswered() {
        for (String service : List.of("", "inference.GRPCInferenceService")) {
            assertThat(server.call(HEALTH, StringValue.of(service)).getValue()).isEqualTo(1);
        }
        assertThat(server.refusal(HEALTH, StringValue.of("other")).getCode()).isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void aModelIsReadyInItsOnlyVersion() {
        for (String version : List.of("", "1")) {
            assertThat(server.call(READY, ready("sums", version)).getReady()).isTrue();
        }
        assertThat(server.refusal(READY, ready("sums", "2")))
                .matches(status -> status.getCode() == Status.Code.NOT_FOUND)
                .asString()
                .contains("version 1 only");
        assertThat(server.refusal(READY, ready("nope", "")))
                .matches(status -> status.getCode() == Status.Code.NOT_FOUND)
                .asString()
                .contains("sums");
    }

    private static ModelReadyRequest ready(String name, String version) {
        return ModelReadyRequest.newBuilder().setName(name).setVersion(version).build();
    }

    @Test
    void aModelIsDescribed() {
        ModelMetadataResponse described = server.call(
                METADATA, ModelMetadataRequest.newBuilder().setName("sums").build());
        assertThat(described.getName()).isEqualTo("sums");
        assertThat(described.getVersionsList()).containsExactly("1");
        assertThat(described.getPlatform()).isEqualTo("onnx_onnxv1");
        assertThat(described.getInputsList())
                .extracting(TensorMetadata::getName, TensorMetadata::getDatatype, TensorMetadata::getShapeList)
                .containsExactly(tuple("a", "FP32", List.of(-1L, 2L)), tuple("b", "FP32", List.of(-1L, 2L)));
        assertThat(described.getOutputsList())
                .extracting(TensorMetadata::getName)
                .containsExactly("sum", "difference");
        assertThat(server.call(
                                METADATA,
                                ModelMetadataRequest.newBuilder()
                                        .setName("optional")
                                        .build())
                        .getInputsCount())
                .isEqualTo(2);
    }

    @Test
    void typedContentsAreAnsweredWithTypedContents() {
        ModelInferResponse answer = server.infer(Requests.sums()
                .setModelVersion("1")
                .putParameters(
                        "own", InferParameter.newBuilder().setInt64Param(7).build())
                .build());
        assertThat(answer.getModelName()).isEqualTo("sums");
        assertThat(answer.getModelVersion()).isEqualTo("1");
        assertThat(answer.getId()).isEqualTo("42");
        assertThat(answer.getRawOutputContentsList()).isEmpty();
        assertThat(answer.getOutputsList())
                .extracting(
                        InferOutputTensor::getName,
                        InferOutputTensor::getDatatype,
                        InferOutputTensor::getShapeList,
                        output -> output.getContents().getFp32ContentsList())
                .containsExactly(
                        tuple("sum", "FP32", List.of(1L, 2L), List.of(11f, 22f)),
                        tuple("difference", "FP32", List.of(1L, 2L), List.of(-9f, -18f)));
    }

    @Test
    void rawContentsAreAnsweredWithRawContents() {
        ModelInferResponse answer = server.infer(Requests.rawSums()
                .addOutputs(InferRequestedOutputTensor.newBuilder().setName("difference"))
                .addOutputs(InferRequestedOutputTensor.newBuilder().setName("sum"))
                .build());
        assertThat(answer.getId()).isEmpty();
        assertThat(answer.getOutputsList())
                .extracting(InferOutputTensor::getName)
                .containsExactly("difference", "sum");
        assertThat(answer.getOutputsList()).noneMatch(InferOutputTensor::hasContents);
        assertThat(answer.getRawOutputContentsList()).containsExactly(Requests.bytes(-9, -18), Requests.bytes(11, 22));
    }

    /** Fields may come in any order and in pieces, which the parts of a message appended to each other are. */
    @Test
    void theOrderOfFieldsDoesNotMatter() {
        ModelInferRequest raw = Requests.rawSums().build();
        ByteString shuffled = ModelInferRequest.newBuilder()
                .addAllRawInputContents(raw.getRawInputContentsList())
                .build()
                .toByteString()
                .concat(raw.toBuilder().clearRawInputContents().build().toByteString());
        assertThat(Bytes.infer(server, shuffled).getRawOutputContentsList())
                .containsExactly(Requests.bytes(11, 22), Requests.bytes(-9, -18));

        // One element packed and one not, in two messages of contents.
        ByteString pieces = Requests.floats("a", List.of(1f), 1, 2)
                .build()
                .toByteString()
                .concat(Bytes.field(5, Bytes.fixed32(6, 2f)));
        ByteString typed =
                Requests.sums().removeInputs(0).build().toByteString().concat(Bytes.field(5, pieces));
        assertThat(Bytes.infer(server, typed).getOutputs(0).getContents().getFp32ContentsList())
                .containsExactly(11f, 22f);
    }

    @Test
    void anOptionalInputMayBeOmitted() {
        ModelMetadataResponse described = server.call(
                METADATA, ModelMetadataRequest.newBuilder().setName("optional").build());
        TensorMetadata first = described.getInputs(0);
        ModelInferResponse answer = server.infer(ModelInferRequest.newBuilder()
                .setModelName("optional")
                .addInputs(Requests.input(first.getName(), first.getDatatype(), 2)
                        .setContents(InferTensorContents.newBuilder()
                                .addFp32Contents(1)
                                .addFp32Contents(2)))
                .build());
        assertThat(answer.getOutputs(0).getContents().getFp32ContentsCount()).isEqualTo(2);
    }

    @Test
    void callsAreCounted() {
        server.infer(Requests.sums().build());
        server.refusal(TestServer.INFER, ModelInferRequest.getDefaultInstance());
        assertThat(server.refusal(
                                TestServer.method(
                                        "RepositoryIndex",
                                        ServerLiveRequest.getDefaultInstance(),
                                        ServerLiveResponse.getDefaultInstance()),
                                ServerLiveRequest.getDefaultInstance())
                        .getCode())
                .isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(server.metric("portolan_grpc_requests_total{method=\"ModelInfer\",status=\"OK\"}"))
                .isPositive();
        assertThat(server.metric("portolan_grpc_requests_total{method=\"ModelInfer\",status=\"NOT_FOUND\"}"))
                .isPositive();
        assertThat(server.metric("portolan_grpc_requests_total{method=\"other\",status=\"UNIMPLEMENTED\"}"))
                .isPositive();
        assertThat(server.metrics()).contains("portolan_grpc_request_seconds_bucket{method=\"ModelInfer\"");
        assertThat(server.heldBodies()).isZero();
    }
}
