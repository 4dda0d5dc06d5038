package io.portolan.server;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.JsonNode;
import io.portolan.runtime.TinyModels;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of any rank and with optional inputs, numbers that JSON has not, and what the server does not offer. */
class ModelKindsTest {
    @TempDir
    private static Path folder;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.of(
                folder,
                TestServer.OPTIONS.withBatching(new Batching(8, Duration.ZERO)),
                Map.of(
                        "unranked", TinyModels.unranked(),
                        "bias", TinyModels.optionalBias(),
                        "quotient", TinyModels.quotient(TensorProto.DataType.FLOAT),
                        "doubles", TinyModels.quotient(TensorProto.DataType.DOUBLE)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[]|[1]", "[2]|[1,2]", "[2,1]|[1,2]", "[1,1,1,2]|[1,2]", "[0,3]|[]"})
    void anyRank(String shape, String data) {
        JsonNode answer = ok("unranked", tensor("x", "FP32", shape, data));
        assertThat(answer.at("/outputs/0/shape").toString()).isEqualTo(shape);
        assertThat(answer.at("/outputs/0/data")).hasSize(data.equals("[]") ? 0 : data.split(",").length);
    }

    @Test
    void anyRankIsSaid() {
        JsonNode model = Protocol.MODEL.requireValid(TestServer.json(server.get("/v2/models/unranked")));
        assertThat(model.at("/inputs/0/parameters/any_shape").asBoolean()).isTrue();
        assertThat(model.at("/outputs/0/parameters/any_shape").asBoolean()).isTrue();
        assertThat(TestServer.json(server.get("/v2/models/quotient"))
                        .at("/inputs/0")
                        .has("parameters"))
                .isFalse();
    }

    @Test
    void optionalInputsAreGivenOrLeftOut() {
        String x = tensor("x", "FP32", "[2]", "[0, 1]");
        assertThat(ok("bias", x).at("/outputs/0/data").toString()).isEqualTo("[5.0,6.0]");
        assertThat(ok("bias", x + "," + tensor("bias", "FP32", "[1]", "[0.5]"))
                        .at("/outputs/0/data")
                        .toString())
                .isEqualTo("[0.5,1.5]");
        // One row each: what is given to one request does not go to another of the same run.
        String one = tensor("x", "FP32", "[1]", "[1]");
        assertThat(ok("bias", one + "," + tensor("bias", "FP32", "[1]", "[-1]"))
                        .at("/outputs/0/data")
                        .toString())
                .isEqualTo("[0.0]");
        assertThat(ok("bias", one).at("/outputs/0/data").toString()).isEqualTo("[6.0]");
        assertThat(infer("bias", x + "," + tensor("bias", "FP64", "[1]", "[1]")).statusCode())
                .isEqualTo(400);
        assertThat(infer("bias", x + "," + tensor("bias", "FP32", "[2]", "[1, 2]"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(infer("bias", tensor("bias", "FP32", "[1]", "[1]")).statusCode())
                .isEqualTo(400);
        JsonNode model = Protocol.MODEL.requireValid(TestServer.json(server.get("/v2/models/bias")));
        assertThat(model.at("/inputs/1/name").asText()).isEqualTo("bias");
        assertThat(model.at("/inputs/1/parameters/optional").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"quotient, FP32", "doubles, FP64"})
    void numbersThatJsonHasNotAreStringsBothWays(String model, String type) {
        JsonNode answer = ok(
                model,
                tensor("x", type, "[6]", "[1, -1, 0, \"NaN\", \"-Infinity\", 3]") + ","
                        + tensor("z", type, "[6]", "[0, 0, 0, 1, 1, \"Infinity\"]"));
        assertThat(answer.at("/outputs/0/data").toString())
                .isEqualTo("[\"Infinity\",\"-Infinity\",\"NaN\",\"NaN\",\"-Infinity\",0.0]");
    }

    @Test
    void modelsAreListed() {
        assertThat(TestServer.json(server.get("/v2/models")).get("models"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder("unranked", "bias", "quotient", "doubles");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v2/models/bias/config",
                "/v2/models/bias/stats",
                "/v2/models/bias/versions/1/config",
                "/v2/models/bias/versions/1/stats",
                "/v2/repository/index",
                "/v2/repository/models/bias/load",
                "/v2/systemsharedmemory/status",
                "/v2/trace/setting",
                "/v2/logging"
            })
    void whatIsNotOfferedIsSaid(String path) {
        for (String method : new String[] {"GET", "POST"}) {
            HttpResponse<byte[]> response = server.send(method, path, null, new byte[0]);
            assertThat(response.statusCode()).isEqualTo(501);
            assertThat(TestServer.error(response)).startsWith("this is not offered: ");
        }
    }

    /** As Triton's clients send it: bytes behind JSON, and nothing of the type. */
    @Test
    void requestsWithoutATypeMayBeBinary() {
        byte[] json =
                ("{\"inputs\": [{\"name\": \"x\", \"shape\": [1], \"datatype\": \"FP32\", \"parameters\": {\"binary_data_size\": 4}}]}")
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] body = ByteBuffer.allocate(json.length + 4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(json)
                .putFloat(2)
                .array();
        HttpResponse<byte[]> response = server.send(
                "POST",
                "/v2/models/unranked/infer",
                null,
                body,
                BinaryTensors.LENGTH_HEADER,
                Integer.toString(json.length));
        assertThat(TestServer.json(response).at("/outputs/0/data").toString()).isEqualTo("[-2.0]");
    }

    private static JsonNode ok(String model, String inputs) {
        HttpResponse<byte[]> response = infer(model, inputs);
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        return TestServer.json(response);
    }

    private static HttpResponse<byte[]> infer(String model, String inputs) {
        return server.post("/v2/models/" + model + "/infer", "{\"inputs\": [" + inputs + "]}");
    }

    private static String tensor(String name, String type, String shape, String data) {
        return "{\"name\": \"" + name + "\", \"shape\": " + shape + ", \"datatype\": \"" + type + "\", \"data\": "
                + data + "}";
    }
}
