package io.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.cli.browser.Browser;
import io.portolan.cli.browser.ClassifierPage;
import io.portolan.cli.browser.NodePackages;
import io.portolan.cli.browser.StaticFiles;
import io.portolan.runtime.ImageClassifier;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of {@code docs/web}, made ready as its README says. */
@Tag("compatibility")
class WebExampleTest {
    private static final Path SOURCE = Path.of("..", "..", "docs", "web");

    /**
     * WebAssembly rounds otherwise than this processor's vectors, and the trained model answers the last bits of any value on the way
     * with up to 7e-5 (see TrainedModelTest).
     */
    private static final double TOLERANCE = 1e-4;

    @TempDir
    private static Path folder;

    private static StaticFiles files;
    private static Browser browser;
    private static ImageClassifier classifier;

    @BeforeAll
    static void makeReady() throws Exception {
        Path site = folder.resolve("site");
        NodePackages.install(SOURCE, site);
        Path demo = site.resolve("demo");
        Outcome made = Outcome.of("demo", "-o", demo.toString());
        assertThat(made.code()).as(made.err()).isZero();
        classifier = ImageClassifier.load(demo.resolve("model.onnx"));
        files = new StaticFiles(site);
        browser = Browser.start(folder);
    }

    @AfterAll
    static void close() throws Exception {
        for (AutoCloseable open : new AutoCloseable[] {browser, files, classifier}) {
            if (open != null) {
                open.close();
            }
        }
    }

    @Test
    void saysWhatPredictSays() throws Exception {
        ClassifierPage page = ClassifierPage.open(browser, files.address());
        PageTrial trial = new PageTrial(page, classifier, TOLERANCE, folder);
        trial.pass("web-example");
        trial.assertAgrees(page.click("#examples button"), PageTrial.DEMO.resolve("images/connected_0.png"));
        assertThat(page.verdict().cost()).matches("\\d+\\.\\d ms in the model");
        assertThat(page.complaints()).isEmpty();
    }

    @Test
    void saysThatThereIsNoSuchModel() throws Exception {
        ClassifierPage page = ClassifierPage.open(browser, files.address().resolve("?model=none.onnx"));
        assertThat(page.verdict().sentence()).startsWith("There is no model at none.onnx (404).");
    }
}
