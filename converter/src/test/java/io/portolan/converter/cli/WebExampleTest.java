package io.portolan.converter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.portolan.converter.browser.Browser;
import io.portolan.converter.browser.ClassifierPage;
import io.portolan.converter.browser.StaticFiles;
import io.portolan.runtime.ImageClassifier;
import io.portolan.runtime.Prediction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
    void saysOfDroppedAndChosenAndDrawnPicturesWhatPredictSays() throws Exception {
        ClassifierPage page = ClassifierPage.open(browser, files.address());
        Path images = folder.resolve("site/demo/images");
        for (String name : List.of("connected_2", "disconnected_2", "connected_3")) {
            Path image = images.resolve(name + ".png");
            assertAgrees(page.drop(image), classifier.classify(image));
        }
        assertAgrees(page.click("#examples button"), classifier.classify(images.resolve("connected_0.png")));
        page.click("#fresh");
        ClassifierPage.Verdict drawn = page.draw("line", places(0.28, 0.64, 0.45, 0.62, 0.6, 0.45, 0.7, 0.32));
        assertAgrees(drawn, classifier.classify(page.picture(folder.resolve("drawn.png"))));
        assertThat(drawn.sentence()).startsWith("connected");
        assertThat(drawn.cost()).matches("\\d+\\.\\d ms in the model");
        page.photograph("web-example");
        assertThat(page.complaints()).isEmpty();
    }

    private static void assertAgrees(ClassifierPage.Verdict verdict, Prediction prediction) {
        assertThat(verdict.sentence())
                .isEqualTo(String.format(Locale.ROOT, "%s, %.1f %%", prediction.label(), 100 * prediction.confidence()));
        assertThat(verdict.logits()).hasSameSizeAs(prediction.logits());
        for (int i = 0; i < prediction.logits().size(); i++) {
            assertThat(verdict.logits().get(i)).isCloseTo(prediction.logits().get(i), within(TOLERANCE));
        }
    }

    private static double[][] places(double... coordinates) {
        double[][] places = new double[coordinates.length / 2][];
        for (int i = 0; i < places.length; i++) {
            places[i] = new double[] {coordinates[2 * i], coordinates[2 * i + 1]};
        }
        return places;
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
