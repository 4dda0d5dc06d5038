package io.portolan.converter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.browser.Browser;
import io.portolan.converter.browser.ClassifierPage;
import io.portolan.converter.browser.StaticFiles;
import io.portolan.runtime.ImageClassifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of {@code docs/web}, made ready as its README says. */
@Tag("compatibility")
class WebExampleTest {
    private static final Path SOURCE = Path.of("..", "docs", "web");

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
        Path site = copy(folder.resolve("site"));
        run(site, "npm", "ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund");
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

    /** The files that are the repository's, not what somebody has installed there. */
    private static Path copy(Path target) throws IOException {
        Files.createDirectories(target);
        try (Stream<Path> sources = Files.list(SOURCE)) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                Files.copy(source, target.resolve(source.getFileName()));
            }
        }
        return target;
    }

    private static void run(Path where, String... command) throws IOException, InterruptedException {
        Path log = Files.createTempFile(folder, "command", ".log");
        Process process = new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true)
                .redirectOutput(log.toFile()).start();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    }
}
