package io.portolan.server;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.portolan.runtime.TinyModels;
import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Idle and slow connections do not block other clients. */
@Timeout(60)
class ConnectionGuardTest {
    private static final String HEAD = "POST /v2/models/m/infer HTTP/1.1\r\nHost: x\r\n";
    private static final String OTHER = "GET /v2 HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String PROBE = "GET /v2/health/live HTTP/1.1\r\nHost: x\r\n\r\n";

    @TempDir
    private Path folder;

    private final List<Closeable> open = new ArrayList<>();

    @Test
    void silentConnectionsMakeRoomForProbesAndClients() throws IOException {
        try (TestServer server = serve(1024, Duration.ofSeconds(30))) {
            for (int i = 0; i < 1100; i++) {
                connect(server).getOutputStream().write(HEAD.getBytes(StandardCharsets.US_ASCII));
            }
            long start = System.nanoTime();
            assertThat(ask(connect(server), PROBE)).startsWith("HTTP/1.1 200 ");
            assertThat(server.post("/v2/models/m/infer", LimitsTest.GOOD).statusCode())
                    .isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        } finally {
            closeAll();
        }
    }

    /** If all allowed connections send bodies slowly, which does not count as idle, the next one gets an error and a probe is answered. */
    @Test
    void probesAreAnsweredBesideConnectionsThatAreAllAtWork() throws Exception {
        try (TestServer server = serve(5, Duration.ofSeconds(30))) {
            for (int i = 0; i < 4; i++) {
                connectAtWork(server);
                while (server.metric("portolan_body_bytes") < (i + 1) * 90) {
                    Thread.sleep(10);
                }
            }
            // Of the fifth nobody can ask: there is no connection left to do so. It is refused itself if the server has
            // not yet done with the request for the metrics, which its client may have read already.
            Socket fifth = connectAtWork(server);
            while (!ask(connect(server), OTHER).startsWith("HTTP/1.1 503 ") || isEnded(fifth)) {
                if (isEnded(fifth)) {
                    fifth = connectAtWork(server);
                }
            }
            assertThat(ask(connect(server), PROBE)).startsWith("HTTP/1.1 200 ");
            assertThat(ask(connect(server), OTHER))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("Retry-After")
                    .contains("Connection: close");
        } finally {
            closeAll();
        }
    }

    @Test
    void headsThatDoNotComeEndTheConnection() throws Exception {
        try (TestServer server = serve(100, Duration.ofMillis(300))) {
            Socket silent = connect(server);
            Socket slow = connect(server);
            Socket kept = connect(server);
            assertThat(ask(kept, PROBE)).startsWith("HTTP/1.1 200 ");
            assertEnds(silent);
            for (int i = 0; i < 200 && isOpen(slow); i++) {
                Thread.sleep(20);
            }
            assertThat(isOpen(slow)).isFalse();
            // A connection may be idle between two requests.
            assertThat(ask(kept, PROBE)).startsWith("HTTP/1.1 200 ");
            kept.getOutputStream().write("GET /v2".getBytes(StandardCharsets.US_ASCII));
            assertEnds(kept);
        } finally {
            closeAll();
        }
    }

    /** Whether an answer or the end of the connection comes within a moment. */
    private static boolean isEnded(Socket socket) throws IOException {
        socket.setSoTimeout(100);
        try {
            socket.getInputStream().read();
            return true;
        } catch (SocketTimeoutException nothing) {
            return false;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** Sends one byte. */
    private static boolean isOpen(Socket socket) {
        try {
            socket.getOutputStream().write('G');
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    private static void assertEnds(Socket socket) throws IOException {
        try {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    private static String ask(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        byte[] answer = new byte[4096];
        int length = socket.getInputStream().read(answer);
        return new String(answer, 0, Math.max(0, length), StandardCharsets.US_ASCII);
    }

    /** A connection that has sent the head of a request and one byte of its body. */
    private Socket connectAtWork(TestServer server) throws IOException {
        Socket socket = connect(server);
        socket.getOutputStream().write((HEAD + "Content-Length: 90\r\n\r\n{").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private Socket connect(TestServer server) throws IOException {
        Socket socket = new Socket(server.uri().getHost(), server.uri().getPort());
        socket.setSoTimeout(20_000);
        open.add(socket);
        return socket;
    }

    private void closeAll() throws IOException {
        for (Closeable socket : open) {
            socket.close();
        }
    }

    private TestServer serve(int connections, Duration head) {
        Limits limits = new Limits(1 << 20, 0, connections, 100, Duration.ofSeconds(30), Duration.ZERO).withHead(head);
        return TestServer.of(
                folder,
                TestServer.OPTIONS.withLimits(limits),
                Map.of("m", TinyModels.unary("Neg", TensorProto.DataType.FLOAT, TinyModels.OPEN, 2)));
    }
}
