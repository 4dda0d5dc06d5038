package io.portolan.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import inference.InferParameter;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferRequest.InferRequestedOutputTensor;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.portolan.runtime.ElementType;
import io.portolan.runtime.TinyModels;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each wrong request gets one clear status, and the next one is answered. */
@Timeout(60)
class HostileInputTest {
    private static final long HUGE = 1L << 40;

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
                        "int8", Models.identity(ElementType.INT8),
                        "uint8", Models.identity(ElementType.UINT8),
                        "fp16", Models.identity(ElementType.FLOAT16),
                        "text", Models.identity(ElementType.STRING)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void theServerLivesAndHoldsNothing() {
        assertThat(server.infer(Requests.sums().build()).getOutputsCount()).isEqualTo(2);
        assertThat(server.heldBodies()).isZero();
    }

    private static ModelInferRequest.Builder with(InferInputTensor.Builder a) {
        return Requests.sums().setInputs(0, a);
    }

    private static ModelInferRequest.Builder to(String model, InferInputTensor.Builder input) {
        return ModelInferRequest.newBuilder().setModelName(model).addInputs(input);
    }

    private static InferTensorContents.Builder contents() {
        return InferTensorContents.newBuilder();
    }

    private static InferParameter.Builder number() {
        return InferParameter.newBuilder().setInt64Param(1);
    }

    static Stream<Arguments> wrong() {
        InferInputTensor.Builder plain = Requests.input("a", "FP32", 1, 2);
        return Stream.of(
                Arguments.of("no model", ModelInferRequest.newBuilder(), "NOT_FOUND", "no model of this name"),
                Arguments.of("another model", Requests.sums().setModelName("x"), "NOT_FOUND", "the server has"),
                Arguments.of("another version", Requests.sums().setModelVersion("2"), "NOT_FOUND", "version 1 only"),
                Arguments.of("no inputs", Requests.sums().clearInputs(), "INVALID_ARGUMENT", "[a, b] are missing"),
                Arguments.of("one input", Requests.sums().removeInputs(1), "INVALID_ARGUMENT", "[b] are missing"),
                Arguments.of("an input too many", Requests.sums().addInputs(plain), "INVALID_ARGUMENT", "3 inputs"),
                Arguments.of(
                        "the same input twice",
                        Requests.sums().setInputs(1, Requests.sums().getInputs(0)),
                        "INVALID_ARGUMENT",
                        "'a' is given twice"),
                Arguments.of(
                        "an unknown input",
                        with(Requests.floats("c", List.of(1f), 1)),
                        "INVALID_ARGUMENT",
                        "input 'c'"),
                Arguments.of("a datatype of none", with(Requests.input("a", "FP8", 1, 2)), "INVALID_ARGUMENT", "'FP8'"),
                Arguments.of(
                        "another datatype",
                        with(Requests.input("a", "INT32", 1, 2)),
                        "INVALID_ARGUMENT",
                        "takes FP32, not INT32"),
                Arguments.of(
                        "another shape", with(Requests.floats("a", List.of(1f), 1)), "INVALID_ARGUMENT", "has shape"),
                Arguments.of(
                        "a negative dimension",
                        with(Requests.input("a", "FP32", -1, 2)),
                        "INVALID_ARGUMENT",
                        "integers from 0"),
                Arguments.of(
                        "65 dimensions",
                        with(Requests.input("a", "FP32", new long[65])),
                        "INVALID_ARGUMENT",
                        "at most 64"),
                Arguments.of(
                        "a product that overflows",
                        with(Requests.floats("a", List.of(1f), Long.MAX_VALUE, 2)),
                        "INVALID_ARGUMENT",
                        "input 'a'"),
                Arguments.of(
                        "a shape of more than was sent",
                        with(Requests.floats("a", List.of(1f, 2f), 1 << 20, 2)),
                        "INVALID_ARGUMENT",
                        "more elements than were sent"),
                Arguments.of(
                        "fewer elements",
                        with(Requests.floats("a", List.of(1f, 2f, 3f), 2, 2)),
                        "INVALID_ARGUMENT",
                        "more elements than the 3"),
                Arguments.of(
                        "more elements",
                        with(Requests.floats("a", List.of(1f, 2f, 3f), 1, 2)),
                        "INVALID_ARGUMENT",
                        "more than the elements of its shape"),
                Arguments.of("no elements", with(plain), "INVALID_ARGUMENT", "more elements than were sent"),
                Arguments.of(
                        "elements of another type",
                        with(plain.clone()
                                .setContents(contents().addFp64Contents(1).addFp64Contents(2))),
                        "INVALID_ARGUMENT",
                        "in fp32_contents, not in field 7"),
                Arguments.of(
                        "elements of two types",
                        with(plain.clone()
                                .setContents(contents()
                                        .addFp32Contents(1)
                                        .addFp32Contents(2)
                                        .addBoolContents(true))),
                        "INVALID_ARGUMENT",
                        "in fp32_contents"),
                Arguments.of(
                        "too large for int8",
                        to(
                                "int8",
                                Requests.input("in", "INT8", 1)
                                        .setContents(contents().addIntContents(128))),
                        "INVALID_ARGUMENT",
                        "element 0 does not fit into INT8"),
                Arguments.of(
                        "too large for uint8",
                        to(
                                "uint8",
                                Requests.input("in", "UINT8", 1)
                                        .setContents(contents().addUintContents(-1))),
                        "INVALID_ARGUMENT",
                        "element 0 does not fit into UINT8"),
                Arguments.of(
                        "half floats as contents",
                        to(
                                "fp16",
                                Requests.input("in", "FP16", 1)
                                        .setContents(contents().addFp32Contents(1))),
                        "INVALID_ARGUMENT",
                        "raw_input_contents"),
                Arguments.of(
                        "a text that is not UTF-8",
                        to(
                                "text",
                                Requests.input("in", "BYTES", 1)
                                        .setContents(
                                                contents().addBytesContents(ByteString.copyFrom(new byte[] {-1})))),
                        "INVALID_ARGUMENT",
                        "element 0 is not UTF-8"),
                Arguments.of(
                        "fewer texts",
                        to(
                                "text",
                                Requests.input("in", "BYTES", 2)
                                        .setContents(contents().addBytesContents(text("long")))),
                        "INVALID_ARGUMENT",
                        "more elements than the 1"),
                Arguments.of(
                        "a raw text whose length lies",
                        to("text", Requests.input("in", "BYTES", 1))
                                .addRawInputContents(text("\u007f\u007f\u007f\u007fa")),
                        "INVALID_ARGUMENT",
                        "does not fit"),
                Arguments.of(
                        "contents and raw contents",
                        Requests.rawSums().setInputs(0, Requests.sums().getInputs(0)),
                        "INVALID_ARGUMENT",
                        "both contents and raw_input_contents"),
                Arguments.of(
                        "raw contents of one of two inputs",
                        Requests.rawSums().clearRawInputContents().addRawInputContents(Requests.bytes(1, 2)),
                        "INVALID_ARGUMENT",
                        "1 entries for 2 inputs"),
                Arguments.of(
                        "raw contents of another size",
                        Requests.rawSums().setRawInputContents(1, Requests.bytes(1)),
                        "INVALID_ARGUMENT",
                        "takes 8 bytes, but its binary data has 4"),
                Arguments.of(
                        "raw contents of a shape that overflows",
                        Requests.rawSums().setInputs(0, Requests.input("a", "FP32", HUGE, 2)),
                        "INVALID_ARGUMENT",
                        "input 'a'"),
                Arguments.of(
                        "an unknown output",
                        Requests.sums()
                                .addOutputs(
                                        InferRequestedOutputTensor.newBuilder().setName("z")),
                        "INVALID_ARGUMENT",
                        "no output 'z'"),
                Arguments.of(
                        "an output twice",
                        Requests.sums()
                                .addOutputs(
                                        InferRequestedOutputTensor.newBuilder().setName("sum"))
                                .addOutputs(
                                        InferRequestedOutputTensor.newBuilder().setName("sum")),
                        "INVALID_ARGUMENT",
                        "requested twice"),
                Arguments.of(
                        "a classification",
                        Requests.sums()
                                .addOutputs(InferRequestedOutputTensor.newBuilder()
                                        .setName("sum")
                                        .putParameters("classification", number().build())),
                        "INVALID_ARGUMENT",
                        "'classification' is not supported"),
                Arguments.of(
                        "shared memory",
                        with(Requests.sums().getInputs(0).toBuilder()
                                .putParameters("shared_memory_region", number().build())),
                        "INVALID_ARGUMENT",
                        "shares no memory"),
                Arguments.of(
                        "a shared answer",
                        Requests.sums().putParameters("shared_memory_offset", number().build()),
                        "INVALID_ARGUMENT",
                        "shares no memory"));
    }

    private static ByteString text(String text) {
        return ByteString.copyFromUtf8(text);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void wrongRequestsAreRefused(String name, ModelInferRequest.Builder request, String code, String reason) {
        Status status = server.refusal(TestServer.INFER, request.build());
        assertThat(status.getCode()).as(status.toString()).hasToString(code);
        assertThat(status.getDescription()).contains(reason).doesNotContain("\n", "Exception");
    }

    static Stream<Arguments> damaged() {
        ByteString good = Requests.sums().build().toByteString();
        return Stream.of(
                Arguments.of("cut off", good.substring(0, good.size() - 1)),
                Arguments.of("field 0", good.concat(ByteString.copyFrom(new byte[] {0, 1}))),
                Arguments.of("a length beyond the end", good.concat(ByteString.copyFrom(new byte[] {0x2a, 0x7f}))),
                Arguments.of(
                        "a negative length", good.concat(ByteString.copyFrom(new byte[] {0x3a, -1, -1, -1, -1, 0x0f}))),
                Arguments.of("a group that only ends", good.concat(ByteString.copyFrom(new byte[] {0x7c}))),
                Arguments.of(
                        "groups without end",
                        good.concat(ByteString.copyFrom("s".repeat(100_000).getBytes(StandardCharsets.US_ASCII)))),
                Arguments.of(
                        "a name that is not UTF-8", good.concat(Bytes.field(1, ByteString.copyFrom(new byte[] {-1})))),
                Arguments.of("an id that is not UTF-8", good.concat(Bytes.field(3, ByteString.copyFrom(new byte[] {
                    -64, -128
                })))),
                Arguments.of("a number without end", good.concat(ByteString.copyFrom(new byte[] {
                    0x78, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1
                }))),
                Arguments.of(
                        "floats that are integers",
                        good.concat(Bytes.field(
                                5,
                                Requests.input("a", "FP32", 1, 2)
                                        .build()
                                        .toByteString()
                                        .concat(Bytes.field(5, Bytes.varint(6, 1)))))),
                Arguments.of(
                        "a packed list that is cut off",
                        Requests.sums()
                                .removeInputs(0)
                                .build()
                                .toByteString()
                                .concat(Bytes.field(
                                        5,
                                        Requests.input("a", "FP32", 1, 2)
                                                .build()
                                                .toByteString()
                                                .concat(Bytes.field(5, Bytes.field(6, text("abcdefg"))))))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damaged")
    void damagedMessagesAreRefused(String name, ByteString message) {
        Status status = server.refusal(Bytes.INFER, message);
        assertThat(status.getCode()).as(status.toString()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    /** Objects for these would take fifty times the memory of the message. */
    @Test
    void manySmallPartsAreCountedBeforeTheyAreRead() {
        for (int field : new int[] {5, 6, 7}) {
            ByteString parts = ByteString.copyFrom(new byte[] {(byte) (field << 3 | 2), 0});
            for (int i = 0; i < 18; i++) {
                parts = parts.concat(parts);
            }
            Status status = server.refusal(
                    Bytes.INFER, Requests.sums().build().toByteString().concat(parts));
            assertThat(status.getCode()).as(status.toString()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        }
    }

    @Test
    void whateverBytesArriveTheServerAnswers() {
        byte[] good = Requests.rawSums().build().toByteArray();
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            byte[] bytes = good.clone();
            for (int change = 0; change <= i % 4; change++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                Bytes.infer(server, ByteString.copyFrom(bytes));
            } catch (StatusRuntimeException refused) {
                assertThat(refused.getStatus().getCode())
                        .as(refused.getMessage())
                        .isIn(Status.Code.INVALID_ARGUMENT, Status.Code.NOT_FOUND);
            }
        }
    }

    @Test
    void aMessageAboveTheLimitIsRefused() {
        Status status = server.refusal(Bytes.INFER, Bytes.field(3, ByteString.copyFrom(new byte[(1 << 20) + 1])));
        assertThat(status.getCode()).as(status.toString()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(status.getDescription()).contains(Integer.toString(1 << 20));
    }

    /** A megabyte of zeros is a kilobyte in the message. */
    @Test
    void aMessageThatIsAboveTheLimitWhenDecompressedIsRefused() {
        ByteString message = Bytes.field(3, ByteString.copyFrom(new byte[4 << 20]));
        assertThat(compressed(message)).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(compressed(Requests.sums().build().toByteString())).isEqualTo(Status.Code.OK);
    }

    private static Status.Code compressed(ByteString message) {
        try {
            ClientCalls.blockingUnaryCall(
                    server.channel(),
                    Bytes.INFER,
                    CallOptions.DEFAULT.withCompression("gzip").withDeadlineAfter(30, TimeUnit.SECONDS),
                    message);
            return Status.Code.OK;
        } catch (StatusRuntimeException refused) {
            return refused.getStatus().getCode();
        }
    }

    @Test
    void aLongHeadIsRefused() {
        Metadata head = new Metadata();
        head.put(Metadata.Key.of("long", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(9000));
        ManagedChannel channel = server.connect();
        try {
            var call = channel.newCall(TestServer.INFER, CallOptions.DEFAULT);
            Observer observer = new Observer();
            call.start(observer, head);
            call.sendMessage(Requests.sums().build());
            call.halfClose();
            assertThat(observer.end()).matches(status -> !status.isOk());
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void aSecondMessageIsRefused() {
        var call = server.channel().newCall(TestServer.INFER, CallOptions.DEFAULT);
        Observer observer = new Observer();
        call.start(observer, new Metadata());
        call.sendMessage(Requests.sums().build());
        call.sendMessage(Requests.sums().build());
        call.halfClose();
        assertThat(observer.end().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void aCallWithoutAMessageIsRefused() {
        var call = server.channel().newCall(TestServer.INFER, CallOptions.DEFAULT);
        Observer observer = new Observer();
        call.start(observer, new Metadata());
        call.halfClose();
        assertThat(observer.end().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void otherProtocolsAreHungUpOn() throws IOException {
        for (String words :
                List.of("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "\u0016\u0003\u0001\u0002 hello", "\0".repeat(100))) {
            try (Socket socket = new Socket("127.0.0.1", server.port())) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(words.getBytes(StandardCharsets.ISO_8859_1));
                assertThat(socket.getInputStream().readAllBytes().length).isLessThan(1000);
            }
        }
    }
}
