package io.portolan.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.runtime.TinyModels;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that others wrote; {@code clients/README.md} tells how they were recorded. */
class RecordedClientsTest {
    private static final String JSON = "\"data\":[11.0,22.0]";

    @TempDir
    private Path folder;

    @Test
    void tritonsJavaClientIsAnswered() throws IOException {
        String answers = answers("triton-java.http");
        assertThat(statuses(answers)).isEqualTo("200 200");
        assertThat(answers).contains(floats(11, 22) + floats(-9, -18), JSON);
    }

    @Test
    void tritonsPythonClientIsAnswered() throws IOException {
        String answers = answers("triton-python.http");
        assertThat(statuses(answers)).isEqualTo("200 200 200 200 200 200 200");
        // The last request is compressed; so small a response is not.
        assertThat(answers)
                .contains("\"name\":\"sums\"", floats(11, 22) + floats(-9, -18), JSON, "\"id\":\"r1\"", floats(2, 4));
    }

    /** Everything that comes back for a recording, one character for each byte. */
    private String answers(String recording) throws IOException {
        try (TestServer server =
                        TestServer.of(folder, TestServer.OPTIONS, Map.of("sums", TinyModels.sumAndDifference()));
                InputStream recorded = RecordedClientsTest.class.getResourceAsStream("/clients/" + recording);
                Socket socket = new Socket(server.uri().getHost(), server.uri().getPort())) {
            recorded.transferTo(socket.getOutputStream());
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static String statuses(String answers) {
        return String.join(
                " ",
                Pattern.compile("HTTP/1\\.1 (\\d+) ")
                        .matcher(answers)
                        .results()
                        .map(found -> found.group(1))
                        .toList());
    }

    private static String floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return new String(bytes.array(), StandardCharsets.ISO_8859_1);
    }
}
