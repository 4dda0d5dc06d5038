package io.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.portolan.cli.browser.ClassifierPage;
import io.portolan.runtime.ImageClassifier;
import io.portolan.runtime.Prediction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What a classifier's page must do with the demo's model and pictures, whoever classifies behind it.
 *
 * @param page with an empty pad
 * @param classifier what {@code predict} uses, with the same model
 * @param tolerance of a logit
 * @param folder for pictures
 */
record PageTrial(ClassifierPage page, ImageClassifier classifier, double tolerance, Path folder) {
    static final Path DEMO = Path.of("src", "main", "resources", "demo");

    private static final double[][] FROM_MARKER_TO_MARKER = {{0.28, 0.64}, {0.45, 0.62}, {0.6, 0.45}, {0.7, 0.32}};

    void pass(String name) throws IOException {
        assertThat(page.verdict().sentence()).startsWith("disconnected");
        for (String image : List.of("connected_2", "disconnected_2", "connected_3")) {
            Path file = DEMO.resolve("images").resolve(image + ".png");
            assertAgrees(page.drop(file), file);
        }
        ClassifierPage.Verdict empty = page.click("#fresh");
        assertThat(empty.sentence()).startsWith("disconnected");
        ClassifierPage.Verdict drawn = page.draw("line", FROM_MARKER_TO_MARKER);
        assertThat(drawn.sentence()).startsWith("connected");
        assertAgrees(drawn, page.picture(folder.resolve("drawn.png")));
        page.photograph(name);
        assertThat(page.tooWideForAPhone()).isEmpty();

        assertThat(page.click("#fresh"))
                .extracting(ClassifierPage.Verdict::logits)
                .isEqualTo(empty.logits());
        assertAgrees(page.draw("marker", new double[] {0.9, 0.9}), page.picture(folder.resolve("marked.png")));
        assertThat(page.draw("eraser", new double[] {0.9, 0.9}).logits()).isEqualTo(empty.logits());
        assertAgrees(page.type(" ", "ArrowLeft", "ArrowUp", "ArrowUp", " "), page.picture(folder.resolve("typed.png")));
        assertThat(page.complaints()).isEmpty();
    }

    void assertAgrees(ClassifierPage.Verdict verdict, Path image) {
        Prediction prediction = classifier.classify(image);
        assertThat(verdict.sentence())
                .isEqualTo(
                        String.format(Locale.ROOT, "%s, %.1f %%", prediction.label(), 100 * prediction.confidence()));
        assertThat(verdict.logits()).hasSameSizeAs(prediction.logits());
        for (int i = 0; i < prediction.logits().size(); i++) {
            assertThat(verdict.logits().get(i)).isCloseTo(prediction.logits().get(i), within(tolerance));
        }
    }
}
