package io.portolan.server;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.portolan.runtime.TinyModels;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A page elsewhere can neither post to the server nor lead a name of its own to it. PORT stands for the server's. */
class TrustedSitesTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "127.0.0.1:PORT | -                              | 200",
                "localhost:PORT | http://localhost:PORT          | 200",
                "localhost:PORT | http://localhost:3000          | 403",
                "127.0.0.1:PORT | http://localhost:PORT          | 403",
                "127.0.0.1:PORT | https://evil.example           | 403",
                "127.0.0.1:PORT | null                           | 403",
                "[::1]:PORT     | -                              | 200",
                "x              | -                              | 200",
                "a.localhost    | -                              | 200",
                "evil.example:PORT | -                           | 403",
                "evil.example:PORT | http://evil.example:PORT    | 403",
                "127.0.0.1.evil.example | -                      | 403",
                "-              | -                              | 200"
            })
    void ofThisMachineAlone(String host, String origin, int status) throws IOException {
        assertStatus(TestServer.OPTIONS, host, origin, status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "models.example  | -                              | 200",
                "models.example  | https://models.example         | 200",
                "10.1.2.3:PORT   | -                              | 200",
                "models.example  | https://evil.example           | 403"
            })
    void ofAllInterfaces(String host, String origin, int status) throws IOException {
        assertStatus(TestServer.OPTIONS.withHost("0.0.0.0"), host, origin, status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "models.example  | https://models.example         | 200",
                "Models.Example  | -                              | 200",
                "127.0.0.1:PORT  | https://models.example         | 200",
                "127.0.0.1:PORT  | http://dev.example:3000        | 200",
                "127.0.0.1:PORT  | http://dev.example:3001        | 403",
                "other.example   | -                              | 403"
            })
    void withNamesThatAreAllowed(String host, String origin, int status) throws IOException {
        Set<String> names = Set.of("models.example", "dev.example:3000");
        assertStatus(TestServer.OPTIONS.withTrustedHosts(names), host, origin, status);
        assertStatus(TestServer.OPTIONS.withHost("0.0.0.0").withTrustedHosts(names), host, origin, status);
    }

    private void assertStatus(ServerOptions options, String host, String origin, int status) throws IOException {
        try (TestServer server = TestServer.of(
                folder,
                options,
                Map.of("m", TinyModels.unary("Neg", TensorProto.DataType.FLOAT, TinyModels.OPEN, 2)))) {
            int port = server.uri().getPort();
            String headers = (header("Host", host) + header("Origin", origin)).replace("PORT", Integer.toString(port));
            String version = host == null ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n";
            // Without a type, as a page can send it without asking first.
            String answer = exchange(
                    port,
                    "POST /v2/models/m/infer" + version + headers + "Content-Length: " + LimitsTest.GOOD.length()
                            + "\r\n\r\n" + LimitsTest.GOOD);
            assertThat(answer).startsWith("HTTP/1.1 " + status);
            if (status != 200) {
                assertThat(answer).contains("allowed hosts");
            } else {
                assertThat(exchange(
                                port,
                                "POST /v2/models/m/infer" + version
                                        + header("Host", host).replace("PORT", "1")
                                        + "Sec-Fetch-Site: cross-site\r\nContent-Length: 0\r\n\r\n"))
                        .startsWith("HTTP/1.1 403");
            }
        }
    }

    private static String header(String name, String value) {
        return value == null ? "" : name + ": " + value + "\r\n";
    }

    private static String exchange(int port, String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
