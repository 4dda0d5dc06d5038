package io.portolan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.fasterxml.jackson.databind.JsonNode;
import io.portolan.images.ImageInput;
import io.portolan.images.PngBuilder;
import io.portolan.runtime.ImageClassifier;
import io.portolan.runtime.ModelException;
import io.portolan.runtime.Prediction;
import io.portolan.runtime.TinyModels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images in, verdicts out. */
class ImageEndpointTest {
    private static final ImageInput STILL = ImageInput.still(16, 16);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"-1, png", "4, png", "-1, jpg"})
    void answersAsTheClassifierDoes(long batch, String format) throws IOException {
        byte[] image = image(format, 200, 100);
        try (TestServer server = serve(described(STILL, batch))) {
            HttpResponse<byte[]> response = classify(server, "image/" + format.replace("jpg", "jpeg"), image);

            assertThat(response.statusCode())
                    .as(new String(response.body(), StandardCharsets.UTF_8))
                    .isEqualTo(200);
            JsonNode verdict = TestServer.json(response);
            Path file = Files.write(folder.resolve("image." + format), image);
            try (ImageClassifier classifier = ImageClassifier.load(folder.resolve("m/model.onnx"))) {
                Prediction expected = classifier.classify(file);
                assertThat(verdict.get("label").asText()).isEqualTo(expected.label());
                assertThat(verdict.get("class").asInt()).isEqualTo(expected.classIndex());
                assertThat(verdict.get("confidence").asDouble()).isEqualTo(expected.confidence());
                assertThat(verdict.at("/logits/1").floatValue())
                        .isEqualTo(expected.logits().get(1));
                assertThat(verdict.at("/probabilities/0").asDouble())
                        .isEqualTo(expected.probabilities().get(0));
            }
            assertThat(verdict.get("labels").toString()).isEqualTo("[\"disconnected\",\"connected\"]");
            assertThat(verdict.get("model_name").asText()).isEqualTo("m");
        }
    }

    @Test
    void aVideoModelSeesTheImageInEveryFrame() {
        try (TestServer server = serve(described(ImageInput.video(3, 16, 16), TinyModels.OPEN));
                TestServer still = serve(described(STILL, TinyModels.OPEN))) {
            byte[] image = image("png", 90, 50);
            assertThat(TestServer.json(classify(server, "image/png", image))
                            .at("/logits/1")
                            .doubleValue())
                    // The mean of three frames takes another way of rounding than that of one.
                    .isCloseTo(
                            TestServer.json(classify(still, "image/png", image))
                                    .at("/logits/1")
                                    .doubleValue(),
                            within(1e-6));
        }
    }

    @Test
    void refusesWhatIsNoImage() {
        try (TestServer server = serve(described(STILL, TinyModels.OPEN))) {
            byte[] image = image("png", 200, 100);
            assertThat(classify(server, "text/html", image).statusCode()).isEqualTo(415);
            assertThat(classify(server, "image/gif", image).statusCode()).isEqualTo(415);
            assertRefused(classify(server, "image/png", new byte[0]), "not an image");
            assertRefused(
                    classify(server, "image/png", "Dear server".getBytes(StandardCharsets.UTF_8)), "not an image");
            assertRefused(classify(server, "image/png", Arrays.copyOf(image, image.length / 2)), "image: ");
            byte[] bomb = new PngBuilder()
                    .header(50_000, 50_000, 1, 0, false)
                    .zeros(100)
                    .end();
            assertRefused(classify(server, "image/png", bomb), "pixels are too many");
            assertThat(classify(server, "image/png", image).statusCode()).isEqualTo(200);
        }
    }

    /** Whatever a client calls them. */
    @Test
    void refusesOtherFormatsAndDamagedPhotographs() throws IOException {
        try (TestServer server = serve(described(STILL, TinyModels.OPEN))) {
            for (String other : new String[] {"tiff-strip-dos.tif", "picture.webp"}) {
                HttpResponse<byte[]> refused = classify(server, "image/png", sample(other));
                assertThat(refused.statusCode()).isEqualTo(415);
                assertThat(TestServer.error(refused)).contains("is not supported; save the image as PNG or JPEG");
            }
            for (String format : new String[] {"bmp", "gif", "tiff"}) {
                assertThat(classify(server, "image/png", image(format, 20, 20)).statusCode())
                        .isEqualTo(415);
            }
            assertRefused(classify(server, "image/jpeg", sample("jpeg-cut-half.jpg")), "truncated");
            assertRefused(classify(server, "image/jpeg", sample("jpeg-zeroed.jpg")), "damaged");
            assertThat(classify(server, null, sample("whole.jpg")).statusCode()).isEqualTo(200);
        }
    }

    private static byte[] sample(String name) throws IOException {
        try (InputStream in = ImageEndpointTest.class.getResourceAsStream("/images/" + name)) {
            return in.readAllBytes();
        }
    }

    @Test
    void saysThatNoModelClassifiesImages() {
        try (TestServer server = serve(TinyModels.sumAndDifference())) {
            HttpResponse<byte[]> response = classify(server, "image/png", image("png", 1, 1));
            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(TestServer.error(response)).contains("no model here classifies images");
        }
    }

    @Test
    void doesNotStartWithAModelThatIsNotWhatItSays() {
        ModelProto.Builder wrong = TinyModels.describe(
                TinyModels.brightness(TinyModels.OPEN, STILL),
                TinyModels.metadata(ImageInput.still(8, 8)).toMap());
        assertThatThrownBy(() -> serve(wrong))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("export the model again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/index.html"})
    void thePageLoadsNothingFromElsewhere(String path) {
        try (TestServer server = serve(described(STILL, TinyModels.OPEN))) {
            HttpResponse<byte[]> page = server.get(path);
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("Content-Type")).contains("text/html;charset=utf-8");
            assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .contains("default-src 'self'");
            assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            for (String other :
                    new String[] {"/absent.html", "/PageEndpoint.class", "/page", "/.html", "/a%2Fb.html", "/%2e%2e"}) {
                HttpResponse<byte[]> refused = server.get(other);
                assertThat(refused.statusCode()).as(other).isIn(400, 404);
                Protocol.ERROR.requireValid(TestServer.json(refused));
            }
        }
    }

    @Test
    void metricsAreInPrometheusForm() {
        try (TestServer server = serve(described(STILL, TinyModels.OPEN))) {
            classify(server, "image/png", image("png", 3, 3));
            HttpResponse<byte[]> response = server.get("/metrics");
            assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/plain; version=0.0.4");
            assertThat(new String(response.body(), StandardCharsets.UTF_8).lines())
                    .allMatch(
                            line -> line.matches(
                                    "# (HELP|TYPE) portolan_[a-z_]+ .+|portolan_[a-z_]+(\\{([a-z]+=\"[^\"]*\",?)+})? [-+.0-9E]+"));
            assertThat(server.metric(
                            "portolan_http_requests_total{method=\"POST\",route=\"/classify\",status=\"200\"}"))
                    .isEqualTo(1);
            assertThat(server.metric("portolan_http_request_seconds_count{route=\"/classify\"}"))
                    .isEqualTo(1);
            assertThat(server.metric("portolan_waiting_requests{model=\"m\"}")).isZero();
        }
    }

    private static void assertRefused(HttpResponse<byte[]> response, String words) {
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(TestServer.error(response)).contains(words);
    }

    private static HttpResponse<byte[]> classify(TestServer server, String type, byte[] body) {
        return server.send("POST", "/classify", type, body);
    }

    private TestServer serve(ModelProto.Builder model) {
        return TestServer.of(folder, TestServer.OPTIONS, Map.of("m", model));
    }

    private static ModelProto.Builder described(ImageInput input, long batch) {
        return TinyModels.describe(
                TinyModels.brightness(batch, input), TinyModels.metadata(input).toMap());
    }

    private static byte[] image(String format, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int x = 0; x < width; x++) {
            for (int y = 0; y < height; y++) {
                image.getRaster().setSample(x, y, 0, (x * 7 + y * 13) % 256);
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, format, bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return bytes.toByteArray();
    }
}
