package io.portolan.server;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.portolan.runtime.TinyModels;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes, it gets one clear error, and the next request an answer. */
@Timeout(60)
class HostileInputTest {
    private static final String GOOD =
            "{\"inputs\": [{\"name\": \"in\", \"shape\": [1, 2], \"datatype\": \"FP32\", \"data\": [1, 2]}]}";

    @TempDir
    private static Path folder;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.of(
                folder,
                TestServer.OPTIONS,
                Map.of(
                        "m", TinyModels.unary("Neg", TensorProto.DataType.FLOAT, TinyModels.OPEN, 2),
                        "any",
                                TinyModels.unary(
                                        "Neg",
                                        TensorProto.DataType.FLOAT,
                                        TinyModels.OPEN,
                                        TinyModels.OPEN,
                                        TinyModels.OPEN),
                        "sums", TinyModels.sumAndDifference(),
                        "text", TinyModels.unary("Identity", TensorProto.DataType.STRING, TinyModels.OPEN)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void theServerLivesOn() {
        HttpResponse<byte[]> response = server.post("/v2/models/m/infer", GOOD);
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        assertThat(TestServer.json(response).at("/outputs/0/data").toString()).isEqualTo("[-1.0,-2.0]");
        assertThat(server.heldBodies()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                                        | not a JSON object",
                "{                                         | not valid JSON",
                "{\"inputs\": [}                           | not valid JSON",
                "[]                                        | not a JSON object",
                "null                                      | not a JSON object",
                "{}                                        | inputs [in] are missing",
                "{\"inputs\": {}}                          | 'inputs' is an array",
                "{\"inputs\": [1]}                         | array of objects",
                "{\"inputs\": [{}]}                        | neither data nor parameters.binary_data_size",
                "{\"inputs\": [], \"inputs\": []}          | Duplicate field",
                "{\"inputs\": []} {}                       | after the JSON",
                "{\"id\": 42, \"inputs\": []}              | 'id' is a string",
                "{\"inputs\": [], \"outputs\": [{\"name\": \"x\"}]} | there is no output 'x'",
                "{\"inputs\": [], \"outputs\": [{}]}       | there is no output",
                "{\"inputs\": [], \"outputs\": [{\"name\": \"out\"}, {\"name\": \"out\"}]} | requested twice",
                "{\"inputs\": [], \"parameters\": 1}       | 'parameters' is an object",
                "{\"inputs\": [], \"parameters\": {\"binary_data_output\": 1}} | true or false"
            })
    void requestsThatAreNone(String body, String words) {
        assertRefused(server.post("/v2/models/m/infer", body), words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"FP32\"   | [1, 2]                    | [1]                | 2 elements",
                "\"FP32\"   | [1, 2]                    | [1, 2, 3]          | more than the 2 elements",
                "\"FP32\"   | [1, 2]                    | [[1, 2], [3, 4]]   | more than the 2 elements",
                "\"FP32\"   | [2, 2]                    | [[1, 2, 3], [4]]   | flat or nested",
                "\"FP32\"   | [2, 2]                    | [[1, 2], 3, 4]     | are mixed",
                "\"FP32\"   | [1, 2]                    | [[[1, 2]]]         | deeper than the shape",
                "\"FP32\"   | [1, 2]                    | [[1], [2]]         | flat or nested",
                "\"FP32\"   | [1, 2]                    | 1                  | 'data' is an array",
                "\"FP32\"   | [1, 2]                    | \"AAAA\"           | 'data' is an array",
                "\"FP32\"   | [1, 2]                    | [NaN, 1]           | the strings \"NaN\"",
                "\"FP32\"   | [1, 2]                    | [-Infinity, 1]     | the strings \"NaN\"",
                "\"FP32\"   | [1, 2]                    | [1, \"nan\"]       | element 1 is not a number",
                "\"FP32\"   | [1, 2]                    | [1e999, 1]         | element 0 is not a number",
                "\"FP32\"   | [1, 2]                    | [1e39, 1]          | element 0 is not a number",
                "\"FP32\"   | [1, 2]                    | [1, null]          | element 1 is not a number",
                "\"FP32\"   | [1, 3]                    | [1, 2, 3]          | has shape [-1, 2]",
                "\"FP32\"   | [2]                       | [1, 2]             | has shape [-1, 2]",
                "\"FP32\"   | [-1, 2]                   | [1, 2]             | integers from 0",
                "\"FP32\"   | [1.0, 2]                  | [1, 2]             | integers from 0",
                "\"FP32\"   | [99999999999999999999, 2] | [1, 2]             | out of range",
                "\"FP32\"   | [9223372036854775807, 2]  | [1, 2]             | too many elements",
                "\"FP32\"   | [1000000000, 2]           | [1, 2]             | exceeds 2 GB",
                "\"FP32\"   | [100000000, 2]            | [1, 2]             | more elements than were sent",
                "\"FP32\"   | \"1, 2\"                  | [1, 2]             | 'shape' is an array",
                "\"FP64\"   | [1, 2]                    | [1, 2]             | takes FP32, not FP64",
                "\"FLOAT\"  | [1, 2]                    | [1, 2]             | there is no datatype 'FLOAT'",
                "32         | [1, 2]                    | [1, 2]             | 'datatype' is a string"
            })
    void tensorsThatAreNone(String datatype, String shape, String data, String words) {
        assertRefused(
                server.post(
                        "/v2/models/m/infer",
                        "{\"inputs\": [{\"name\": \"in\", \"shape\": " + shape + ", \"datatype\": " + datatype
                                + ", \"data\": " + data + "}]}"),
                words);
        // The same in another order, where the data is read when the rest is known.
        assertRefused(
                server.post(
                        "/v2/models/m/infer",
                        "{\"inputs\": [{\"data\": " + data + ", \"name\": \"in\", \"shape\": " + shape
                                + ", \"datatype\": " + datatype + "}]}"),
                words);
    }

    @Test
    void inputsOfOtherNamesOrTwice() {
        assertRefused(
                server.post("/v2/models/m/infer", GOOD.replace("\"in\"", "\"im\"")),
                "there is no input 'im'; the model takes [in]");
        String one = GOOD.substring(GOOD.indexOf('[') + 1, GOOD.lastIndexOf(']'));
        assertRefused(server.post("/v2/models/m/infer", "{\"inputs\": [" + one + "," + one + "]}"), "given twice");
    }

    /** Each has a shape that the model takes, but not together. */
    @Test
    void inputsOfDifferentSizes() {
        assertRefused(server.post("/v2/models/sums/infer", """
                {"inputs": [{"name": "a", "shape": [2, 2], "datatype": "FP32", "data": [1, 2, 3, 4]},
                            {"name": "b", "shape": [3, 2], "datatype": "FP32", "data": [1, 2, 3, 4, 5, 6]}]}"""), "dimension N is 2 in input 'a' and 3 in input 'b'");
    }

    @Test
    void deepNesting() {
        String deep = "[".repeat(200_000);
        assertRefused(server.post("/v2/models/any/infer", "{\"x\": " + deep), "nesting depth");
        assertRefused(
                server.post(
                        "/v2/models/any/infer",
                        "{\"inputs\": [{\"name\": \"in\", \"shape\": [1, 1, 1], \"datatype\":" + " \"FP32\", \"data\": "
                                + deep),
                "deeper than the shape");
        assertRefused(server.post("/v2/models/any/infer", "{\"inputs\": [{\"data\": " + deep), "nesting depth");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32BE"})
    void otherEncodings(String charset) throws IOException {
        assertRefused(server.send("POST", "/v2/models/m/infer", "application/json", GOOD.getBytes(charset)), "UTF-8");
    }

    @Test
    void bytesThatAreNoText() {
        byte[] broken = GOOD.replace("in\"", "i\u00e9\"").getBytes(StandardCharsets.ISO_8859_1);
        assertRefused(server.send("POST", "/v2/models/m/infer", "application/json", broken), "UTF-8");
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            assertThat(server.send("POST", "/v2/models/m/infer", "application/json", noise)
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    /** Every prefix of a request, and every request with one byte changed: refused or answered, never anything else. */
    @Test
    void damagedRequests() {
        byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < good.length; i++) {
            byte[] cut = Arrays.copyOf(good, i);
            assertThat(server.send("POST", "/v2/models/m/infer", "application/json", cut)
                            .statusCode())
                    .isEqualTo(400);
            byte[] changed = good.clone();
            changed[i] = (byte) (changed[i] ^ 1 << i % 8);
            assertThat(server.send("POST", "/v2/models/m/infer", "application/json", changed)
                            .statusCode())
                    .isIn(200, 400);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "m    | [1, 2]          | 7                    | 8  | its shape takes 8 bytes",
                "m    | [1, 2]          | 8                    | 7  | only 7 bytes are left",
                "m    | [1, 2]          | 8                    | 9  | 1 bytes are left over",
                "m    | [1, 2]          | -8                   | 8  | its shape takes 8 bytes",
                "m    | [1, 2]          | \"8\"                | 8  | an integer",
                "m    | [1, 2]          | 9999999999999999999  | 8  | out of range",
                "m    | [100000000, 2]  | 800000000            | 8  | only 8 bytes are left",
                "m    | [1000000000, 2] | 8000000000           | 8  | exceeds 2 GB",
                "text | [2]             | 8                    | 8  | element 0 of 2 does not fit",
                "text | [1]             | 4                    | 4  | element 0 of 1 does not fit",
                "text | [100000000]     | 400000000            | 8  | only 8 bytes are left"
            })
    void binaryTensorsOfOtherSizes(String model, String shape, String declared, int sent, String words) {
        String json = "{\"inputs\": [{\"name\": \"in\", \"shape\": " + shape + ", \"datatype\": \""
                + (model.equals("text") ? "BYTES" : "FP32") + "\", \"parameters\": {\"binary_data_size\": " + declared
                + "}}]}";
        byte[] body = (json + "\u007f".repeat(sent)).getBytes(StandardCharsets.UTF_8);
        assertRefused(
                server.send(
                        "POST",
                        "/v2/models/" + model + "/infer",
                        "application/octet-stream",
                        body,
                        BinaryTensors.LENGTH_HEADER,
                        Integer.toString(json.length())),
                words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "99999", "99999999999999", "x", "1e1", ""})
    void lengthsOfTheHeaderThatAreNone(String length) {
        assertRefused(
                server.send(
                        "POST",
                        "/v2/models/m/infer",
                        "application/octet-stream",
                        GOOD.getBytes(StandardCharsets.UTF_8),
                        BinaryTensors.LENGTH_HEADER,
                        length),
                BinaryTensors.LENGTH_HEADER);
    }

    /** Half a character escaped, and bytes that are no UTF-8: a surrogate, a zero in two bytes, a slash in three. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\ud800",
                "\\udc00",
                "a\\ud83dz",
                "\\ude00\\ud83d",
                "\u00ed\u00a0\u0080",
                "\u00c0\u0080",
                "\u00e0\u0080\u00af",
                "\u00f4\u0090\u0080\u0080",
                "\u00ff"
            })
    void textsThatAreNoUnicode(String text) {
        for (String json : new String[] {
            "{\"inputs\": [{\"name\": \"in\", \"shape\": [1], \"datatype\": \"BYTES\", \"data\": [\"" + text + "\"]}]}",
            "{\"id\": \"" + text
                    + "\", \"inputs\": [{\"name\": \"in\", \"shape\": [1], \"datatype\": \"BYTES\", \"data\": [\"\"]}]}"
        }) {
            HttpResponse<byte[]> response = server.send(
                    "POST", "/v2/models/text/infer", "application/json", json.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(response.statusCode()).as(json).isEqualTo(400);
            assertThat(TestServer.error(response)).containsAnyOf("not UTF-8", "half of a character");
        }
    }

    @Test
    void wholeCharactersGoThrough() {
        String text = "\\ud83d\\ude00 \ud83d\ude00 \\u0000 \u00fc";
        HttpResponse<byte[]> response = server.post(
                "/v2/models/text/infer",
                "{\"inputs\": [{\"name\": \"in\", \"shape\": [1], \"datatype\": \"BYTES\", \"data\": [\"" + text
                        + "\"]}]}");
        assertThat(TestServer.json(response).at("/outputs/0/data/0").asText())
                .isEqualTo("\ud83d\ude00 \ud83d\ude00 \0 \u00fc");
    }

    @Test
    void namesOfClientsDoNotDisfigureMessages() {
        String name = "\\n\\u202e\\u2028" + "x".repeat(50_000);
        String error = TestServer.error(server.post("/v2/models/m/infer", GOOD.replace("\"in\"", '"' + name + '"')));
        assertThat(error).startsWith("there is no input '   xxx").hasSizeLessThan(1010);
    }

    /** Parameters that would change the answer, at their places. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"outputs\": [{\"name\": \"out\", \"parameters\": {\"classification\": 2}}]",
                "\"outputs\": [{\"name\": \"out\", \"parameters\": {\"shared_memory_region\": \"r\", \"shared_memory_byte_size\": 8}}]",
                "\"parameters\": {\"shared_memory_region\": \"r\"}"
            })
    void parametersThatAreNotSupported(String field) {
        assertRefused(
                server.post("/v2/models/m/infer", GOOD.replaceFirst("\\{", "{" + field + ", ")), "is not supported");
    }

    /** What is null counts as absent; what is a client's own is passed over. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"id\": null",
                "\"parameters\": null",
                "\"outputs\": null",
                "\"outputs\": []",
                "\"parameters\": {\"binary_data_output\": null, \"classification\": null, \"priority\": 1, \"x\": {\"y\": [1]}}",
                "\"outputs\": [{\"name\": \"out\", \"parameters\": null}]",
                "\"foo\": [1, {\"a\": 2}]"
            })
    void fieldsThatSayNothing(String field) {
        HttpResponse<byte[]> response = server.post("/v2/models/m/infer", GOOD.replaceFirst("\\{", "{" + field + ", "));
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        assertThat(TestServer.json(response).has("id")).isFalse();
        assertThat(TestServer.json(response).at("/outputs/0/data").toString()).isEqualTo("[-1.0,-2.0]");
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain, 415",
        "application/x-www-form-urlencoded, 415",
        "application/json;charset=utf-8, 200",
        ", 200",
        "' ', 200"
    })
    void otherContentTypes(String type, int status) {
        assertThat(server.send("POST", "/v2/models/m/infer", type, GOOD.getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "GET / HTTP/9.9\r\n\r\n",
                "GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /..%2f..%2fetc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST /v2/models/m/infer HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
                "POST /v2/models/m/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
                "POST /v2/models/m/infer HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
            })
    void whatIsNoHttp(String bytes) throws IOException {
        assertThat(exchange(bytes))
                .startsWith("HTTP/1.1 ")
                .containsPattern("^HTTP/1.1 (400|505) ")
                .contains("{\"error\":\"");
    }

    @Test
    void headersWithoutEnd() throws IOException {
        assertThat(exchange("GET / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ")
                .contains("{\"error\":\"");
    }

    /** Sends as it is, and reads to the end. */
    private static String exchange(String bytes) throws IOException {
        try (Socket socket = new Socket(server.uri().getHost(), server.uri().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            InputStream answer = socket.getInputStream();
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void assertRefused(HttpResponse<byte[]> response, String words) {
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(400);
        assertThat(TestServer.error(response))
                .contains(words)
                .doesNotContain("\n")
                // Neither switches of the JSON library nor classes.
                .doesNotContainPattern("[a-z]\\.[A-Z]|[A-Z]{4}_[A-Z]|Feature|Exception|`");
        Protocol.ERROR.requireValid(TestServer.json(response));
    }
}
