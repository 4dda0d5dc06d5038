package io.portolan.server;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.portolan.images.PngBuilder;
import io.portolan.runtime.TinyModels;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Packed bodies, both ways. */
class ContentCodingTest {
    private static final String INFER = "/v2/models/m/infer";
    private static final byte[] GOOD = LimitsTest.GOOD.getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private static Path folder;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.of(
                folder,
                TestServer.OPTIONS,
                Map.of("m", TinyModels.unary("Neg", TensorProto.DataType.FLOAT, TinyModels.OPEN, 2)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void nothingIsSetAside() {
        assertThat(server.heldBodies()).isZero();
    }

    @Test
    void requestsAreUnpacked() throws IOException {
        assertThat(post("gzip", gzip(GOOD)).statusCode()).isEqualTo(200);
        assertThat(post("x-gzip", gzip(GOOD)).statusCode()).isEqualTo(200);
        assertThat(post("GZIP, identity", gzip(GOOD)).statusCode()).isEqualTo(200);
        assertThat(post("deflate", PngBuilder.deflated(GOOD)).statusCode()).isEqualTo(200);
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(raw, new Deflater(9, true))) {
            out.write(GOOD);
        }
        assertThat(post("deflate", raw.toByteArray()).statusCode()).isEqualTo(200);
        assertThat(post("identity", GOOD).statusCode()).isEqualTo(200);
        // Members one after the other, the empty ones many times.
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        for (int i = 0; i < 20_000; i++) {
            members.writeBytes(gzip());
        }
        members.writeBytes(gzip(Arrays.copyOf(GOOD, 7)));
        members.writeBytes(gzip(Arrays.copyOfRange(GOOD, 7, GOOD.length)));
        assertThat(post("gzip", members.toByteArray()).statusCode()).isEqualTo(200);
    }

    @Test
    void whatInflatesTooFarIsRefused() throws IOException {
        byte[] bomb = new byte[200_000_000];
        assertThat(post("gzip", gzip(bomb)).statusCode()).isEqualTo(413);
        assertThat(post("deflate", PngBuilder.deflatedZeros(200_000_000)).statusCode())
                .isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "gzip, gzip", "deflate, gzip", "nonsense"})
    void otherCodingsAreRefused(String coding) {
        HttpResponse<byte[]> response = post(coding, GOOD);
        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(response.headers().firstValue("Accept-Encoding")).contains("gzip, deflate");
        Protocol.ERROR.requireValid(TestServer.json(response));
    }

    @Test
    void damagedBodiesAreRefused() throws IOException {
        byte[] packed = gzip(GOOD);
        for (int length = 0; length < packed.length; length++) {
            assertThat(post("gzip", Arrays.copyOf(packed, length)).statusCode()).isEqualTo(400);
        }
        byte[] changed = packed.clone();
        changed[packed.length - 6] ^= 1;
        assertThat(TestServer.error(post("gzip", changed))).contains("checksum");
        assertThat(TestServer.error(post("gzip", Arrays.copyOf(packed, packed.length + 12))))
                .contains("left over");
        assertThat(TestServer.error(post("gzip", GOOD))).contains("does not start as gzip");
        assertThat(post("deflate", GOOD).statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "gzip                    | gzip",
                "deflate                 | deflate",
                "gzip, deflate           | gzip",
                "gzip;q=0.5, deflate     | deflate",
                "br, *                   | gzip",
                "br                      | -",
                "gzip;q=0                | -",
                "identity, gzip          | -"
            })
    void answersArePackedWhenAsked(String accepted, String coding) throws IOException {
        String many = "1,2,".repeat(999) + "1,2";
        byte[] request = ("{\"inputs\": [{\"name\": \"in\", \"shape\": [1000, 2], \"datatype\": \"FP32\", \"data\": ["
                        + many + "]}]}")
                .getBytes(StandardCharsets.US_ASCII);
        HttpResponse<byte[]> plain = server.send("POST", INFER, null, request);
        HttpResponse<byte[]> packed = server.send("POST", INFER, null, request, "Accept-Encoding", accepted);
        assertThat(packed.headers().firstValue("Content-Encoding").orElse(null)).isEqualTo(coding);
        assertThat(packed.headers().firstValue("Vary")).contains("Accept-Encoding");
        assertThat(unpacked(coding, packed.body())).isEqualTo(plain.body());
        if (coding != null) {
            assertThat(packed.body().length).isLessThan(plain.body().length / 10);
        }
        // It is not worth it.
        assertThat(server.send("GET", "/v2", null, new byte[0], "Accept-Encoding", accepted)
                        .headers()
                        .firstValue("Content-Encoding"))
                .isEmpty();
    }

    private static byte[] unpacked(String coding, byte[] body) throws IOException {
        if (coding == null) {
            return body;
        }
        ByteArrayInputStream bytes = new ByteArrayInputStream(body);
        return (coding.equals("gzip") ? new GZIPInputStream(bytes) : new InflaterInputStream(bytes)).readAllBytes();
    }

    private static HttpResponse<byte[]> post(String coding, byte[] body) {
        return server.send("POST", INFER, "application/json", body, "Content-Encoding", coding);
    }

    private static byte[] gzip(byte... content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        }
        return packed.toByteArray();
    }
}
