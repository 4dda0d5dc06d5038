package io.portolan.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.runtime.TinyModels;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Small requests do not make large answers. */
@Timeout(60)
class AnswerBudgetTest {
    private static final int MOST = 1 << 20;

    @TempDir
    private static Path folder;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.of(
                folder,
                TestServer.OPTIONS.withLimits(TestServer.OPTIONS.limits().withAnswerBytes(MOST)),
                Map.of("blow", TinyModels.expand(), "wide", TinyModels.wide()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** The first fits both ways, the second as binary data alone, the last is refused when it is computed, or before. */
    @ParameterizedTest
    @CsvSource({"10, 10, 200, 200", "400, 600, 200, 413", "600, 600, 413, 413", "1000000, 1000000, 413, 413"})
    void ofUnknownShape(long rows, long columns, int asBinary, int asJson) {
        for (boolean binary : new boolean[] {true, false}) {
            HttpResponse<byte[]> response = server.post(
                    "/v2/models/blow/infer",
                    "{\"parameters\": {\"binary_data_output\": " + binary
                            + "}, \"inputs\": [{\"name\": \"x\", \"shape\": [1], \"datatype\": \"FP32\", \"data\": [1.25]}, {\"name\": \"s\","
                            + " \"shape\": [2], \"datatype\": \"INT64\", \"data\": [" + rows + ", " + columns + "]}]}");
            assertAnswer(response, binary ? asBinary : asJson);
        }
    }

    /** The shape follows from the input's, so that the model is not run. */
    @Test
    void ofKnownShape() {
        assertAnswer(wide(3), 200);
        double runs = server.metric("portolan_model_run_seconds_count{model=\"wide\"}");
        assertAnswer(wide(5), 413);
        assertThat(server.metric("portolan_model_run_seconds_count{model=\"wide\"}"))
                .isEqualTo(runs);
    }

    private static HttpResponse<byte[]> wide(int rows) {
        return server.post(
                "/v2/models/wide/infer",
                "{\"parameters\": {\"binary_data_output\": true}, \"inputs\": [{\"name\": \"x\"," + " \"shape\": ["
                        + rows + ", 1], \"datatype\": \"FP32\", \"data\": [" + "1,".repeat(rows - 1) + "1]}]}");
    }

    private static void assertAnswer(HttpResponse<byte[]> response, int status) {
        String body = new String(response.body(), StandardCharsets.UTF_8);
        assertThat(response.statusCode())
                .as(body.substring(0, Math.min(300, body.length())))
                .isEqualTo(status);
        if (status != 200) {
            assertThat(TestServer.error(response))
                    .containsAnyOf("more than " + MOST + " bytes", "may take " + MOST, "memory")
                    .doesNotContain("onnx");
        }
    }
}
