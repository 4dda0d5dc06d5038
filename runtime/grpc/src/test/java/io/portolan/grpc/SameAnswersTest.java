package io.portolan.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.ByteString;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferResponse;
import io.portolan.runtime.ElementType;
import io.portolan.runtime.TinyModels;
import io.portolan.server.Datatype;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The same requests over HTTP and gRPC give the same answers, bit for bit. */
@Timeout(60)
class SameAnswersTest {
    private static final String LENGTH = "Inference-Header-Content-Length";

    @TempDir
    private static Path folder;

    private static TestServer server;

    @BeforeAll
    static void start() {
        Map<String, ModelProto.Builder> models = new LinkedHashMap<>();
        for (ElementType type : ElementType.values()) {
            models.put(Datatype.name(type), Models.identity(type));
        }
        models.put("sums", TinyModels.sumAndDifference());
        server = TestServer.of(folder, TestServer.OPTIONS, models);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Any bits go through, those of every NaN too. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"STRING", "BOOL"})
    void rawElementsOfAnyBits(ElementType type) {
        byte[] bits = new byte[1000 * type.bytes()];
        new Random(type.ordinal()).nextBytes(bits);
        String datatype = Datatype.name(type);
        ModelInferResponse answer = server.infer(ModelInferRequest.newBuilder()
                .setModelName(datatype)
                .addInputs(Requests.input("in", datatype, 1000))
                .addRawInputContents(ByteString.copyFrom(bits))
                .build());
        assertThat(answer.getRawOutputContents(0).toByteArray())
                .isEqualTo(bits)
                .isEqualTo(overHttp(datatype, datatype, "[1000]", bits));
    }

    static Stream<Arguments> extremes() {
        return Stream.of(
                Arguments.of("BOOL", contents().addBoolContents(true).addBoolContents(false), 2),
                Arguments.of("INT8", contents().addIntContents(-128).addIntContents(127), 2),
                Arguments.of("INT16", contents().addIntContents(-32768).addIntContents(32767), 2),
                Arguments.of(
                        "INT32", contents().addIntContents(Integer.MIN_VALUE).addIntContents(Integer.MAX_VALUE), 2),
                Arguments.of(
                        "INT64", contents().addInt64Contents(Long.MIN_VALUE).addInt64Contents(Long.MAX_VALUE), 2),
                Arguments.of("UINT8", contents().addUintContents(0).addUintContents(255), 2),
                Arguments.of("UINT16", contents().addUintContents(0).addUintContents(65535), 2),
                Arguments.of("UINT32", contents().addUintContents(0).addUintContents(-1), 2),
                Arguments.of("UINT64", contents().addUint64Contents(0).addUint64Contents(-1), 2),
                Arguments.of("FP32", contents().addFp32Contents(Float.NaN).addFp32Contents(Float.MIN_VALUE), 2),
                Arguments.of("FP64", contents().addFp64Contents(-0.0).addFp64Contents(Double.MAX_VALUE), 2),
                Arguments.of(
                        "BYTES",
                        contents()
                                .addBytesContents(ByteString.EMPTY)
                                .addBytesContents(ByteString.copyFromUtf8("\0ä€😀")),
                        2),
                Arguments.of("FP32", contents(), 0),
                Arguments.of("BYTES", contents(), 0));
    }

    private static InferTensorContents.Builder contents() {
        return InferTensorContents.newBuilder();
    }

    @ParameterizedTest
    @MethodSource("extremes")
    void typedElementsOfAllTypes(String datatype, InferTensorContents.Builder contents, int count) {
        InferInputTensor.Builder input = Requests.input("in", datatype, count).setContents(contents);
        ModelInferResponse answer = server.infer(ModelInferRequest.newBuilder()
                .setModelName(datatype)
                .addInputs(input)
                .build());
        assertThat(answer.getRawOutputContentsCount()).isZero();
        assertThat(answer.getOutputs(0).getContents()).isEqualTo(contents.build());
    }

    @Test
    void computedNumbers() {
        float[] values = new float[200];
        Random random = new Random(3);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        ByteString a = Requests.bytes(values);
        ByteString b = Requests.bytes(Arrays.copyOf(new float[] {1e-3f, 7}, 200));
        ModelInferResponse raw = server.infer(ModelInferRequest.newBuilder()
                .setModelName("sums")
                .addInputs(Requests.input("a", "FP32", 100, 2))
                .addInputs(Requests.input("b", "FP32", 100, 2))
                .addRawInputContents(a)
                .addRawInputContents(b)
                .build());
        byte[] http = overHttp(
                "sums",
                "{\"parameters\":{\"binary_data_output\":true},\"inputs\":[" + input("a", "FP32", "[100,2]", a.size())
                        + "," + input("b", "FP32", "[100,2]", b.size()) + "]}",
                a.concat(b).toByteArray());
        assertThat(raw.getRawOutputContents(0)
                        .concat(raw.getRawOutputContents(1))
                        .toByteArray())
                .isEqualTo(http);
    }

    private static String input(String name, String datatype, String shape, int bytes) {
        return "{\"name\":\"" + name + "\",\"datatype\":\"" + datatype + "\",\"shape\":" + shape
                + ",\"parameters\":{\"binary_data_size\":" + bytes + "}}";
    }

    private static byte[] overHttp(String model, String datatype, String shape, byte[] bits) {
        return overHttp(
                model,
                "{\"parameters\":{\"binary_data_output\":true},\"inputs\":[" + input("in", datatype, shape, bits.length)
                        + "]}",
                bits);
    }

    /** The bytes of all outputs. */
    private static byte[] overHttp(String model, String json, byte[] binary) {
        byte[] head = json.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(head);
        body.writeBytes(binary);
        HttpResponse<byte[]> answer =
                server.send(HttpRequest.newBuilder(server.uri().resolve("/v2/models/" + model + "/infer"))
                        .header(LENGTH, Integer.toString(head.length))
                        .POST(BodyPublishers.ofByteArray(body.toByteArray()))
                        .build());
        int start = Integer.parseInt(answer.headers().firstValue(LENGTH).orElseThrow());
        return Arrays.copyOfRange(answer.body(), start, answer.body().length);
    }
}
