package io.portolan.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import inference.ModelInferResponse;
import inference.ServerReadyResponse;
import io.portolan.runtime.TinyModels;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that others wrote; {@code clients/README.md} tells how they were recorded. */
@Timeout(60)
class RecordedClientsTest {
    private static final int DATA = 0;
    private static final int END_OF_STREAM = 1;

    /** Before each message: whether it is compressed, and its length. */
    private static final int PREFIX = 5;

    @TempDir
    private Path folder;

    @Test
    void pythonsClientIsAnswered() throws IOException {
        List<byte[]> answers = answers("grpcio-python.h2", 4);
        assertThat(ServerReadyResponse.parseFrom(answers.get(0)).getReady()).isTrue();

        ModelInferResponse raw = ModelInferResponse.parseFrom(answers.get(1));
        assertThat(raw.getId()).isEqualTo("r1");
        assertThat(raw.getRawOutputContentsList()).containsExactly(Requests.bytes(11, 22));

        for (int i : new int[] {2, 3}) {
            ModelInferResponse typed = ModelInferResponse.parseFrom(answers.get(i));
            assertThat(typed.getId()).isEqualTo(i == 2 ? "" : "r3");
            assertThat(typed.getOutputs(0).getContents().getFp32ContentsList()).containsExactly(11f, 22f);
            assertThat(typed.getOutputs(1).getContents().getFp32ContentsList()).containsExactly(-9f, -18f);
        }
    }

    /** The messages that come back for a recording, in the order of the calls. */
    private List<byte[]> answers(String recording, int calls) throws IOException {
        try (TestServer server =
                        TestServer.of(folder, TestServer.OPTIONS, Map.of("sums", TinyModels.sumAndDifference()));
                InputStream recorded = RecordedClientsTest.class.getResourceAsStream("/clients/" + recording);
                Socket socket = new Socket("127.0.0.1", server.port())) {
            recorded.transferTo(socket.getOutputStream());
            DataInputStream frames = new DataInputStream(socket.getInputStream());
            Map<Integer, ByteArrayOutputStream> streams = new TreeMap<>();
            for (int ended = 0; ended < calls; ) {
                int lengthAndType = frames.readInt();
                int flags = frames.readUnsignedByte();
                int stream = frames.readInt();
                byte[] payload = frames.readNBytes(lengthAndType >>> Byte.SIZE);
                if ((lengthAndType & 0xff) == DATA) {
                    streams.computeIfAbsent(stream, number -> new ByteArrayOutputStream())
                            .writeBytes(payload);
                } else if (stream != 0 && (flags & END_OF_STREAM) != 0) {
                    ended++;
                }
            }
            return streams.values().stream()
                    .map(message -> {
                        byte[] bytes = message.toByteArray();
                        return Arrays.copyOfRange(bytes, PREFIX, bytes.length);
                    })
                    .toList();
        }
    }
}
