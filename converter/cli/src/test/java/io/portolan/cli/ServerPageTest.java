package io.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.cli.browser.Browser;
import io.portolan.cli.browser.ClassifierPage;
import io.portolan.runtime.ImageClassifier;
import io.portolan.runtime.RuntimeOptions;
import io.portolan.server.InferenceServer;
import io.portolan.server.ServerOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of {@code portolan serve}, with the demo's model. */
class ServerPageTest {
    /** The same library computes both; the page writes five decimals. */
    private static final double TOLERANCE = 5.1e-6;

    @TempDir
    private static Path folder;

    private static Browser browser;
    private static ImageClassifier classifier;
    private static InferenceServer server;

    @BeforeAll
    static void serve() throws Exception {
        browser = Browser.start(folder);
        Path model = folder.resolve("pathfinder.onnx");
        Outcome converted = Outcome.of(
                "convert",
                PageTrial.DEMO.resolve("checkpoint.pkl").toString(),
                "--config",
                PageTrial.DEMO.resolve("config.json").toString(),
                "--no-verify",
                "-o",
                model.toString());
        assertThat(converted.code()).as(converted.err()).isZero();
        classifier = ImageClassifier.load(model);
        server = InferenceServer.start(
                Map.of("pathfinder", model),
                RuntimeOptions.defaults(),
                ServerOptions.defaults().withPort(0));
    }

    @AfterAll
    static void close() throws Exception {
        for (AutoCloseable open : new AutoCloseable[] {browser, server, classifier}) {
            if (open != null) {
                open.close();
            }
        }
    }

    @Test
    void saysWhatPredictSays() throws Exception {
        ClassifierPage page = ClassifierPage.open(browser, server.uri());
        new PageTrial(page, classifier, TOLERANCE, folder).pass("server-page");
        assertThat(page.verdict().cost()).matches("\\d+\\.\\d ms from asking to the answer");
    }

    @Test
    void saysWhatIsWrongWithAFile() throws Exception {
        Path broken =
                Files.write(folder.resolve("broken.png"), Files.readAllBytes(PageTrial.DEMO.resolve("config.json")));
        ClassifierPage page = ClassifierPage.open(browser, server.uri());
        assertThat(page.drop(broken).sentence()).isEqualTo("broken.png is not an image that this browser can read.");
        assertThat(page.complaints()).isEmpty();
    }
}
