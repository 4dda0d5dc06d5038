package io.portolan.cli.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.cli.browser.NodePackages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Exports compute in every runtime what TensorFlow computes, or are refused as {@code docs/compatibility.md} says. With
 * {@code -Dportolan.write-docs=true} the whole matrix is written to that page instead.
 */
class CompatibilityTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "compatibility.md");
    private static final Path FOLDER = Path.of("target", "compatibility");
    private static final Path SCRIPTS = Path.of("src", "test", "node");
    private static final List<Variant> VARIANTS = Variant.stream().toList();
    private static final String HOW =
            "docs/compatibility.md is out of date; regenerate it with\n  mvn -pl :portolan-cli -am verify"
                    + " -Pcompatibility -Dtest=CompatibilityTest -Dsurefire.failIfNoSpecifiedTests=false -Dportolan.write-docs=true";

    @Test
    void theBundledModelRunsOnTheJvm() throws Exception {
        Matrix matrix = Matrix.of(
                List.of(Runtime.ONNX_RUNTIME_JAVA, Runtime.OPENCV_4_10),
                VARIANTS,
                List.of(Subject.bundled(FOLDER)),
                FOLDER);
        assertThat(matrix.cells()).hasSize(2 * VARIANTS.size());
        assertAllAsExpected(matrix);
        assertThatThePageSaysSo(matrix);
    }

    /** Models with every option that there is, videos among them. */
    @Test
    void everyKindOfModelRunsInOpenCv() throws Exception {
        List<Subject> subjects = new ArrayList<>();
        for (GoldenCase golden : GoldenCase.small()) {
            subjects.add(Subject.golden(golden, FOLDER));
        }
        assertAllAsExpected(Matrix.of(List.of(Runtime.OPENCV_4_10), List.of(Variant.FOR_OPENCV), subjects, FOLDER));
    }

    /** Needs Node, npm and Chromium. */
    @Tag("compatibility")
    @Test
    void everythingRunsEverywhere() throws Exception {
        NodePackages.install(SCRIPTS, FOLDER.resolve("node"));
        List<Subject> subjects = new ArrayList<>(List.of(Subject.bundled(FOLDER)));
        for (GoldenCase golden : GoldenCase.full()) {
            subjects.add(Subject.golden(golden, FOLDER));
        }
        Matrix matrix = Matrix.of(List.of(Runtime.values()), VARIANTS, subjects, FOLDER);
        assertAllAsExpected(matrix);
        if (Boolean.getBoolean("portolan.write-docs")) {
            Files.writeString(PAGE, CompatibilityPage.text(matrix));
        }
        assertThatThePageSaysSo(matrix);
    }

    private static void assertAllAsExpected(Matrix matrix) {
        assertAll(matrix.cells().stream().map(cell -> () -> assertAsExpected(cell)));
    }

    /** Float32 differs by the order of sums, smaller weights by their price. */
    private static void assertAsExpected(Matrix.Cell cell) {
        String what = cell.runtime() + ", " + cell.variant() + ", " + cell.subject();
        cell.runtime()
                .refusal(cell.variant())
                .ifPresentOrElse(words -> assertThat(cell.refusal()).as(what).contains(words), () -> {
                    assertThat(cell.answer()).as(what + ": " + cell.refusal()).isPresent();
                    assertThat(cell.difference())
                            .as(what)
                            .isLessThanOrEqualTo(cell.subject().tolerance(cell.variant()));
                });
    }

    private static void assertThatThePageSaysSo(Matrix matrix) throws Exception {
        String page = Files.readString(PAGE);
        assertThat(page).as(HOW).startsWith(CompatibilityPage.HEAD).contains(CompatibilityPage.NOTES);
        matrix.found()
                .forEach((runtime, found) -> assertThat(page).as(HOW).contains(CompatibilityPage.summaryStart(found)));
        assertThat(page.lines()).as(HOW).containsAll(CompatibilityPage.refusals(matrix));
    }
}
