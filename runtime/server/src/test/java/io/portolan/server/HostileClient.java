package io.portolan.server;

import io.portolan.images.PngBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/** One client that sends whatever once harmed this server, or was made to, one after the other without end. */
final class HostileClient implements AutoCloseable {
    private static final String CLASSIFY = "/classify";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI server;
    private final List<HttpRequest> requests = new ArrayList<>();
    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private final List<Socket> silent = new ArrayList<>();
    private final Thread loop = new Thread(this::loop, "hostile");
    private volatile boolean ended;

    /** @param expanding a model of {@link io.portolan.runtime.TinyModels#expand()} */
    HostileClient(URI server, String expanding) {
        this.server = server;
        for (String sample : List.of("tiff-strip-dos.tif", "jpeg-cut-half.jpg", "jpeg-zeroed.jpg", "picture.webp")) {
            post(CLASSIFY, "image/png", sample(sample));
        }
        byte[] bomb = PngBuilder.deflatedZeros(200_000_000);
        post(
                CLASSIFY,
                "image/png",
                new PngBuilder()
                        .header(64, 64, 8, 0, false)
                        .chunk("zTXt", bomb)
                        .zeros(64 * 65)
                        .end());
        post(
                CLASSIFY,
                "image/png",
                new PngBuilder().header(64, 64, 8, 0, false).chunk("IDAT", bomb).end());
        post(
                CLASSIFY,
                "image/png",
                new PngBuilder().header(50_000, 50_000, 1, 0, false).zeros(1000).end());
        post(
                CLASSIFY,
                "image/png",
                new PngBuilder().header(4096, 4096, 16, 6, true).zeros(1000).end());
        post(
                CLASSIFY,
                "image/png",
                new PngBuilder()
                        .header(4096, 4096, 16, 6, true)
                        .zeros(135_000_000)
                        .end());
        String infer = "/v2/models/" + expanding + "/infer";
        post(infer, "application/json", gzip(new byte[200_000_000]), "Content-Encoding", "gzip");
        post(infer, "application/json", "[".repeat(200_000).getBytes(StandardCharsets.US_ASCII));
        post(infer, "application/json", "{\"inputs\": [{\"name\": \"\\ud800\"}]}".getBytes(StandardCharsets.US_ASCII));
        post(infer, "application/json", ("{\"inputs\": [" + "{},".repeat(10_000)).getBytes(StandardCharsets.US_ASCII));
        for (long rows : new long[] {5_000, 1_000_000}) {
            post(
                    infer,
                    "application/json",
                    ("{\"inputs\": [{\"name\": \"x\", \"shape\": [1], \"datatype\": \"FP32\", \"data\": [1]},"
                                    + " {\"name\": \"s\", \"shape\": [2], \"datatype\": \"INT64\", \"data\": [" + rows
                                    + ", 10000]}]}")
                            .getBytes(StandardCharsets.US_ASCII));
        }
        loop.start();
    }

    private void post(String path, String type, byte[] body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofByteArray(body));
        requests.add((headers.length == 0 ? request : request.headers(headers)).build());
    }

    private void loop() {
        try {
            for (int i = 0; !ended; i++) {
                int status = http.send(requests.get(i % requests.size()), BodyHandlers.discarding())
                        .statusCode();
                statuses.merge(status, 1, Integer::sum);
                if (i % requests.size() == 0) {
                    Socket socket = new Socket(server.getHost(), server.getPort());
                    socket.getOutputStream().write("POST / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
                    silent.add(socket);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Stops, and tells how many answers of each status there were. */
    Map<Integer, Integer> end() {
        ended = true;
        try {
            loop.join();
            for (Socket socket : silent) {
                socket.close();
            }
        } catch (IOException | InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
        return statuses;
    }

    @Override
    public void close() {
        end();
    }

    private static byte[] sample(String name) {
        try (InputStream in = HostileClient.class.getResourceAsStream("/images/" + name)) {
            return in.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return packed.toByteArray();
    }
}
