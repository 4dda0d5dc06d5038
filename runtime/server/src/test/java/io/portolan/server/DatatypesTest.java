package io.portolan.server;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.portolan.runtime.ElementType;
import io.portolan.runtime.TinyModels;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tensors of all types, as JSON and as bytes, through models that hand them on. */
class DatatypesTest {
    @TempDir
    private static Path folder;

    private static TestServer server;

    @BeforeAll
    static void start() {
        Map<String, ModelProto.Builder> models = new LinkedHashMap<>();
        for (ElementType type : ElementType.values()) {
            models.put(
                    Datatype.name(type),
                    TinyModels.unary("Identity", TensorProto.DataType.valueOf(type.name()), TinyModels.OPEN));
        }
        models.put("sums", TinyModels.sumAndDifference());
        server = TestServer.of(folder, TestServer.OPTIONS, models);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "BOOL; true,false",
                "INT8; -128,127",
                "INT16; -32768,32767",
                "INT32; -2147483648,2147483647",
                "INT64; -9223372036854775808,9223372036854775807",
                "UINT8; 0,255",
                "UINT16; 0,65535",
                "UINT32; 0,4294967295",
                "UINT64; 0,18446744073709551615",
                "FP32; -3.4028235E38,1.4E-45",
                "FP64; -1.7976931348623157E308,4.9E-324",
                "BYTES; \"\",\"\\u0000\""
            })
    void extremesGoThroughAsJson(String datatype, String data) {
        HttpResponse<byte[]> response = infer(datatype, 2, data);
        assertThat(new String(response.body(), StandardCharsets.UTF_8))
                .contains("\"datatype\":\"" + datatype + "\",\"data\":[" + data + "]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "BOOL; 1",
                "BOOL; null",
                "INT8; 128",
                "INT8; 1.0",
                "INT16; -32769",
                "INT32; 2147483648",
                "INT64; 9223372036854775808",
                "UINT8; -1",
                "UINT8; 256",
                "UINT16; 65536",
                "UINT32; 4294967296",
                "UINT64; -1",
                "UINT64; 18446744073709551616",
                "FP32; 3.5e38",
                "FP32; \"1\"",
                "FP32; true",
                "FP64; 1e309",
                "FP64; -1e999999999",
                "BYTES; 1",
                "FP32; {}",
                "INT64; 1e400"
            })
    void whatDoesNotFitIsRefused(String datatype, String element) {
        HttpResponse<byte[]> response = infer(datatype, 1, element);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(TestServer.error(response))
                .startsWith("input 'in': element 0 is not ")
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @EnumSource(
            value = ElementType.class,
            names = {"FLOAT16", "BFLOAT16"})
    void halfNumbersHaveNoFormInJson(ElementType type) {
        HttpResponse<byte[]> asked = infer(Datatype.name(type), 1, "1.0");
        assertThat(asked.statusCode()).isEqualTo(400);
        assertThat(TestServer.error(asked)).contains("send it as binary data");
        HttpResponse<byte[]> answered = binary(Datatype.name(type), false, new byte[4], 2);
        assertThat(answered.statusCode()).isEqualTo(400);
        assertThat(TestServer.error(answered)).contains("request binary data");
    }

    @ParameterizedTest
    @EnumSource(ElementType.class)
    void bytesGoThroughBitForBit(ElementType type) {
        byte[] tensor = type == ElementType.STRING
                ? new byte[] {0, 0, 0, 0, 3, 0, 0, 0, 'a', (byte) 0xc3, (byte) 0xa9}
                : random(type, 2);
        HttpResponse<byte[]> response = binary(Datatype.name(type), true, tensor, 2);

        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/octet-stream");
        int length = Integer.parseInt(
                response.headers().firstValue(BinaryTensors.LENGTH_HEADER).orElseThrow());
        byte[] json = Arrays.copyOf(response.body(), length);
        Protocol.RESPONSE.requireValid(TestServer.json(json));
        assertThat(TestServer.json(json)
                        .at("/outputs/0/parameters/binary_data_size")
                        .asInt())
                .isEqualTo(tensor.length);
        assertThat(Arrays.copyOfRange(response.body(), length, response.body().length))
                .isEqualTo(tensor);
    }

    /** Inputs and outputs of both forms in one request; the parameter of an output overrides that of the request. */
    @Test
    void bothFormsMix() {
        String json = "{\"parameters\": {\"binary_data_output\": true}, \"inputs\": ["
                + "{\"name\": \"a\", \"shape\": [1, 2], \"datatype\": \"FP32\", \"parameters\": {\"binary_data_size\": 8}},"
                + "{\"name\": \"b\", \"shape\": [1, 2], \"datatype\": \"FP32\", \"data\": [1, 2]}],"
                + "\"outputs\": [{\"name\": \"sum\", \"parameters\": {\"binary_data\": false}}, {\"name\": \"difference\"}]}";
        HttpResponse<byte[]> response = sendBinary("sums", json, new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40});

        int length = Integer.parseInt(
                response.headers().firstValue(BinaryTensors.LENGTH_HEADER).orElseThrow());
        assertThat(TestServer.json(Arrays.copyOf(response.body(), length))
                        .at("/outputs/0/data")
                        .toString())
                .isEqualTo("[2.0,4.0]");
        assertThat(Arrays.copyOfRange(response.body(), length, response.body().length))
                .containsOnly(0)
                .hasSize(8);
    }

    private static HttpResponse<byte[]> infer(String datatype, int elements, String data) {
        return server.post(
                "/v2/models/" + datatype + "/infer",
                "{\"inputs\": [{\"name\": \"in\", \"shape\": [" + elements + "], \"datatype\": \"" + datatype
                        + "\", \"data\": [" + data + "]}]}");
    }

    private static HttpResponse<byte[]> binary(String datatype, boolean answer, byte[] tensor, int elements) {
        return sendBinary(
                datatype,
                "{\"parameters\": {\"binary_data_output\": " + answer + "},"
                        + "\"inputs\": [{\"name\": \"in\", \"shape\": [" + elements + "], \"datatype\": \"" + datatype
                        + "\","
                        + "\"parameters\": {\"binary_data_size\": " + tensor.length + "}}]}",
                tensor);
    }

    private static HttpResponse<byte[]> sendBinary(String model, String json, byte[] tensor) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(json.getBytes(StandardCharsets.UTF_8));
        body.writeBytes(tensor);
        return server.send(
                "POST",
                "/v2/models/" + model + "/infer",
                "application/octet-stream",
                body.toByteArray(),
                BinaryTensors.LENGTH_HEADER,
                Integer.toString(json.length()));
    }

    private static byte[] random(ElementType type, int elements) {
        byte[] bits = new byte[elements * type.bytes()];
        new Random(2).nextBytes(bits);
        if (type == ElementType.BOOL) {
            return new byte[] {0, 1};
        }
        return bits;
    }
}
