package io.portolan.cli.browser;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Serves the files of a folder on loopback, as any server of static files does. */
public final class StaticFiles implements AutoCloseable {
    private static final Map<String, String> TYPES = Map.of(
            "html",
            "text/html",
            "css",
            "text/css",
            "js",
            "text/javascript",
            "mjs",
            "text/javascript",
            "wasm",
            "application/wasm",
            "svg",
            "image/svg+xml",
            "png",
            "image/png");

    private final HttpServer server;
    private final Map<String, String> headers;

    public StaticFiles(Path folder) throws IOException {
        this(folder, Map.of());
    }

    private StaticFiles(Path folder, Map<String, String> headers) throws IOException {
        this.headers = headers;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> answer(folder, exchange));
        server.start();
    }

    /** A server whose pages are isolated from others, and so get shared memory and threads. */
    public static StaticFiles isolated(Path folder) throws IOException {
        return new StaticFiles(
                folder,
                Map.of("Cross-Origin-Opener-Policy", "same-origin", "Cross-Origin-Embedder-Policy", "require-corp"));
    }

    public URI address() {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/");
    }

    private void answer(Path folder, HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Path file = folder.resolve(path.endsWith("/") ? path.substring(1) + "index.html" : path.substring(1));
        try (exchange) {
            if (!Files.isRegularFile(file)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            String extension = path.endsWith("/") ? "html" : path.substring(path.lastIndexOf('.') + 1);
            exchange.getResponseHeaders()
                    .set("Content-Type", TYPES.getOrDefault(extension, "application/octet-stream"));
            headers.forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(200, Files.size(file));
            Files.copy(file, exchange.getResponseBody());
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
