package io.portolan.converter.compatibility;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.portolan.converter.browser.Browser;
import io.portolan.converter.browser.Page;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** ONNX Runtime compiled to WebAssembly, in a page that a browser without a window has opened. */
final class BrowserEngine implements Engine {
    private static final Map<String, String> MEDIA_TYPES =
            Map.of("html", "text/html", "mjs", "text/javascript", "wasm", "application/wasm");

    private final Path root;
    private final HttpServer server;
    private final Browser browser;
    private final Page page;

    private BrowserEngine(Path root, HttpServer server, Browser browser, Page page) {
        this.root = root;
        this.server = server;
        this.browser = browser;
        this.page = page;
    }

    /**
     * Opens a page.
     *
     * @param root the folder that the page and the models are in, which is served to this machine alone
     * @param page from there
     */
    static Engine open(Path root, String page) throws IOException, InterruptedException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> serve(root, exchange));
        server.start();
        Browser browser = Browser.start(Files.createDirectories(root.resolve("browser")));
        URI address = URI.create("http://localhost:" + server.getAddress().getPort() + "/" + page);
        return new BrowserEngine(root, server, browser, browser.open(address));
    }

    private static void serve(Path root, HttpExchange exchange) throws IOException {
        try (exchange) {
            Path file = root.resolve(exchange.getRequestURI().getPath().substring(1)).normalize();
            if (!file.startsWith(root) || !Files.isRegularFile(file)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            String name = file.getFileName().toString();
            exchange.getResponseHeaders().add("Content-Type",
                    MEDIA_TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream"));
            // Only an isolated page gets shared memory, and so threads.
            exchange.getResponseHeaders().add("Cross-Origin-Opener-Policy", "same-origin");
            exchange.getResponseHeaders().add("Cross-Origin-Embedder-Policy", "require-corp");
            exchange.sendResponseHeaders(200, Files.size(file));
            Files.copy(file, exchange.getResponseBody());
        }
    }

    @Override
    public String name() {
        return "ONNX Runtime, WebAssembly in Chromium (npm `onnxruntime-web`)";
    }

    @Override
    public String version() {
        try {
            return page.evaluate("version").asText();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Answer run(Path model, Sample sample) throws IOException {
        String request = new ObjectMapper().writeValueAsString(
                Map.of("model", address(model), "input", address(sample.file()), "shape", sample.shape()));
        return WorkerEngine.answer(page.evaluate("answer(" + request + ")"));
    }

    private String address(Path file) {
        return "/" + root.relativize(file.toAbsolutePath()).toString().replace('\\', '/');
    }

    @Override
    public void close() throws IOException {
        try {
            browser.close();
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            server.stop(0);
        }
    }
}
