package io.portolan.cli.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.portolan.cli.browser.Browser;
import io.portolan.cli.browser.Page;
import io.portolan.cli.browser.StaticFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** ONNX Runtime compiled to WebAssembly, in a page that a browser without a window has opened. */
final class BrowserEngine implements Engine {
    private final Path root;
    private final StaticFiles files;
    private final Browser browser;
    private final Page page;

    private BrowserEngine(Path root, StaticFiles files, Browser browser, Page page) {
        this.root = root;
        this.files = files;
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
        StaticFiles files = StaticFiles.isolated(root);
        Browser browser = Browser.start(Files.createDirectories(root.resolve("browser")));
        Page opened = browser.open(files.address().resolve(page));
        assertThat(opened.evaluate("crossOriginIsolated").asBoolean())
                .as("the page may have threads")
                .isTrue();
        return new BrowserEngine(root, files, browser, opened);
    }

    @Override
    public String name() {
        return "ONNX Runtime, WebAssembly in Chromium (npm `onnxruntime-web`)";
    }

    @Override
    public String version() throws IOException {
        return page.evaluate("version").asText();
    }

    @Override
    public Answer run(Path model, Sample sample) throws IOException {
        String request = new ObjectMapper()
                .writeValueAsString(
                        Map.of("model", address(model), "input", address(sample.file()), "shape", sample.shape()));
        return WorkerEngine.answer(page.evaluate("answer(" + request + ")"));
    }

    private String address(Path file) {
        return "/" + root.relativize(file.toAbsolutePath()).toString().replace('\\', '/');
    }

    @Override
    public void close() {
        browser.close();
        files.close();
    }
}
