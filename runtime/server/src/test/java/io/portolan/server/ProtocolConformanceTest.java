package io.portolan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.JsonNode;
import io.portolan.runtime.TinyModels;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every message of a running server against the protocol's schema, and its examples. */
class ProtocolConformanceTest {
    /** The specification's own, whose second input lacks two of its three elements there. */
    private static final String EXAMPLE = """
            {"id": "42",
             "inputs": [
               {"name": "input0", "shape": [2, 2], "datatype": "UINT32", "data": [1, 2, 3, 4]},
               {"name": "input1", "shape": [3], "datatype": "BOOL", "data": [true, false, true]}],
             "outputs": [{"name": "output0"}]}""";

    @TempDir
    private static Path folder;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.of(
                folder,
                TestServer.OPTIONS,
                Map.of(
                        "example", TinyModels.specification(),
                        "sums", TinyModels.sumAndDifference(),
                        "text", TinyModels.unary("Identity", TensorProto.DataType.STRING, TinyModels.OPEN)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "LIVE, /v2/health/live",
        "SERVER_READY, /v2/health/ready",
        "SERVER, /v2",
        "SERVER, /v2/",
        "MODEL, /v2/models/example",
        "MODEL, /v2/models/example/versions/1",
        "MODEL_READY, /v2/models/example/ready",
        "MODEL_READY, /v2/models/example/versions/1/ready"
    })
    void whatIsAskedIsAnsweredInForm(Protocol message, String path) {
        HttpResponse<byte[]> response = server.get(path);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        message.requireValid(TestServer.json(response));
    }

    @Test
    void everythingIsAliveAndDescribed() {
        assertThat(json("/v2/health/live").get("live").asBoolean()).isTrue();
        assertThat(json("/v2/health/ready").get("ready").asBoolean()).isTrue();
        assertThat(json("/v2/models/sums/ready").get("ready").asBoolean()).isTrue();
        assertThat(json("/v2").get("extensions").toString()).isEqualTo("[\"binary_tensor_data\"]");
        assertThat(json("/v2/models/example").toString())
                .isEqualTo("{\"name\":\"example\",\"versions\":[\"1\"],"
                        + "\"platform\":\"onnx_onnxv1\",\"inputs\":[{\"name\":\"input0\",\"datatype\":\"UINT32\",\"shape\":[2,2]},"
                        + "{\"name\":\"input1\",\"datatype\":\"BOOL\",\"shape\":[3]}],"
                        + "\"outputs\":[{\"name\":\"output0\",\"datatype\":\"FP32\",\"shape\":[3,2]}]}");
        assertThat(json("/v2/models/sums").at("/inputs/0/shape").toString()).isEqualTo("[-1,2]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2/models/example/infer", "/v2/models/example/versions/1/infer"})
    void theExampleOfTheSpecificationIsAnswered(String path) {
        Protocol.REQUEST.requireValid(TestServer.json(EXAMPLE.getBytes(StandardCharsets.UTF_8)));

        HttpResponse<byte[]> response = server.post(path, EXAMPLE);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Protocol.RESPONSE.requireValid(TestServer.json(response)).toString())
                .isEqualTo(
                        "{\"model_name\":\"example\",\"model_version\":\"1\",\"id\":\"42\",\"outputs\":[{\"name\":\"output0\","
                                + "\"shape\":[3,2],\"datatype\":\"FP32\",\"data\":[2.0,3.0,0.0,0.0,2.0,3.0]}]}");
    }

    @Test
    void itsMissingElementsAreMissed() {
        HttpResponse<byte[]> response =
                server.post("/v2/models/example/infer", EXAMPLE.replace("true, false, true", "true"));

        assertThat(response.statusCode()).isEqualTo(400);
        Protocol.ERROR.requireValid(TestServer.json(response));
        assertThat(TestServer.error(response)).contains("input 'input1'", "3 elements");
    }

    @Test
    void outputsComeAsTheyAreAskedForAndAllByDefault() {
        String inputs =
                "{\"inputs\": [{\"name\": \"b\", \"shape\": [1, 2], \"datatype\": \"FP32\", \"data\": [[10, 2e1]]},"
                        + "{\"data\": [1.5, -0.25], \"datatype\": \"FP32\", \"parameters\": {\"hint\": {\"of\": [1]}}, \"shape\": [1, 2],"
                        + "\"name\": \"a\"}], \"parameters\": {\"priority\": 3}";

        JsonNode all = inferred("sums", inputs + "}");
        assertThat(all.has("id")).isFalse();
        assertThat(all.get("outputs").toString())
                .isEqualTo("[{\"name\":\"sum\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[11.5,19.75]},"
                        + "{\"name\":\"difference\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[-8.5,-20.25]}]");
        JsonNode turned =
                inferred("sums", inputs + ", \"outputs\": [{\"name\": \"difference\"}, {\"name\": \"sum\"}]}");
        assertThat(turned.at("/outputs/0/name").asText()).isEqualTo("difference");
        assertThat(inferred("sums", inputs + ", \"outputs\": [{\"name\": \"sum\"}]}")
                        .get("outputs"))
                .hasSize(1);
    }

    @Test
    void stringsGoThrough() {
        JsonNode answer = inferred(
                "text",
                "{\"inputs\": [{\"name\": \"in\", \"shape\": [3], \"datatype\": \"BYTES\","
                        + " \"data\": [\"\", \"Portol\u00e1n\", \"\\\"\\n\ud83e\udded\"]}]}");
        assertThat(answer.at("/outputs/0").toString())
                .isEqualTo("{\"name\":\"out\",\"shape\":[3],\"datatype\":\"BYTES\","
                        + "\"data\":[\"\",\"Portol\u00e1n\",\"\\\"\\n\ud83e\udded\"]}");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v2/models/absent, 404, no model",
        "GET, /v2/models/example/versions/2, 404, version 1 only",
        "GET, /v2/models/absent/ready, 404, the server has",
        "POST, /v2/models/absent/infer, 404, the server has",
        "GET, /v2/nothing/here, 404, GET /v2",
        "POST, /v2/models/example, 405, 'GET, HEAD'",
        "GET, /v2/models/example/infer, 405, POST",
        "DELETE, /v2/health/live, 405, 'GET, HEAD'"
    })
    void whatIsNotThereIsToldInForm(String method, String path, int status, String words) {
        HttpResponse<byte[]> response =
                server.send(method, path, "application/json", "{}".getBytes(StandardCharsets.UTF_8));

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Allow").isPresent()).isEqualTo(status == 405);
        Protocol.ERROR.requireValid(TestServer.json(response));
        assertThat(TestServer.error(response)).contains(words);
    }

    @Test
    void theSchemaIsNoFormality() {
        assertThatThrownBy(() -> Protocol.RESPONSE.requireValid(
                        TestServer.json("{\"outputs\": []}".getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("model_name");
        assertThatThrownBy(() -> Protocol.REQUEST.requireValid(
                        TestServer.json(EXAMPLE.replace("UINT32", "FLOAT").getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> Protocol.REQUEST.requireValid(
                        TestServer.json(EXAMPLE.replace("[3]", "[-3]").getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(AssertionError.class);
    }

    private static JsonNode json(String path) {
        return TestServer.json(server.get(path));
    }

    private static JsonNode inferred(String model, String request) {
        Protocol.REQUEST.requireValid(TestServer.json(request.getBytes(StandardCharsets.UTF_8)));
        HttpResponse<byte[]> response = server.post("/v2/models/" + model + "/infer", request);
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        return Protocol.RESPONSE.requireValid(TestServer.json(response));
    }
}
