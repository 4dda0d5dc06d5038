package io.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetCommandTest {
    @TempDir
    private Path folder;

    @Test
    void picturesAreGeneratedConvertedAndShown() throws IOException {
        assertDone(run("generate", "--level", "easy", "--count", "20", "--seed", "7", "-o", at("images")));
        assertThat(files("images/curv_contour_length_6/imgs/pos")).hasSize(10);
        assertThat(files("images/curv_contour_length_6/imgs/neg")).hasSize(10);

        assertDone(run("convert", at("images"), at("records"), "--size", "32"));
        assertThat(folder.resolve("records/difficulty_6/metadata.json"))
                .content()
                .contains("\"train_samples\" : 16");

        assertDone(run("convert", at("records"), at("all.npz")));
        Outcome shown = run("show", at("records"), "--split", "train", "--count", "6", "-o", at("sheet.png"));
        assertDone(shown);
        assertThat(shown.out()).contains("20 images of 32x32, difficulty 6 (train 16, val 2, test 2)");
        assertThat(ImageIO.read(folder.resolve("sheet.png").toFile()).getWidth())
                .isEqualTo(3 * 210 + 18);
        assertThat(files(""))
                .extracting(path -> path.getFileName().toString())
                .containsExactlyInAnyOrder("images", "records", "all.npz", "sheet.png");
    }

    @Test
    void optionsChangeTheLevel() throws IOException {
        assertDone(run(
                "generate",
                "--level",
                "medium",
                "--size",
                "128",
                "--segments",
                "3",
                "--gap",
                "0",
                "--distractors",
                "0",
                "--count",
                "2",
                "--format",
                "tfrecord",
                "-o",
                at("records")));
        assertThat(folder.resolve("records/difficulty_3/metadata.json"))
                .content()
                .contains("\"image_size\" : 128");
    }

    @Test
    void theSameSeedMakesTheSameFile() throws IOException {
        assertDone(run("generate", "--count", "5", "--seed", "3", "-o", at("a.npz")));
        assertDone(run("generate", "--count", "5", "--seed", "3", "-o", at("b.npz")));
        assertThat(folder.resolve("a.npz")).hasSameBinaryContentAs(folder.resolve("b.npz"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"data", "data.npz"})
    void nothingIsOverwrittenWithoutForce(String name) {
        assertDone(run("generate", "--count", "4", "-o", at(name)));
        assertRefused(run("generate", "--count", "2", "-o", at(name)), name, "--force");
        assertThat(run("show", at(name), "-o", at("sheet.png")).out()).contains("4 images");
        assertDone(run("generate", "--count", "2", "-o", at(name), "--force"));
        assertThat(run("show", at(name), "-o", at("sheet.png"), "--force").out())
                .contains("2 images");
    }

    @Test
    void aFolderOfOtherThingsIsNotReplacedEvenByForce() throws IOException {
        Path precious = Files.createDirectories(folder.resolve("home")).resolve("letter.txt");
        Files.writeString(precious, "precious");
        assertRefused(run("generate", "--count", "2", "-o", at("home"), "--force"), "letter.txt");
        assertThat(precious).hasContent("precious");
    }

    @Test
    void aConversionThatFailsLeavesNothingBehind() throws IOException {
        assertDone(run("generate", "--count", "20", "-o", at("images")));
        Path victim = files("images/curv_contour_length_4/imgs/pos").get(7);
        Files.write(victim, new byte[] {1, 2, 3});
        assertRefused(
                run("convert", at("images"), at("records")),
                victim.getFileName().toString());
        assertRefused(
                run("convert", at("images"), at("all.npz")),
                victim.getFileName().toString());
        assertThat(files("")).containsExactly(folder.resolve("images"));
    }

    @Test
    void wrongUsageIsExplained() {
        assertThat(run().code()).isEqualTo(2);
        assertThat(run("generate", "--level", "no", "--count", "1", "-o", at("x"))
                        .err())
                .contains("easiest", "pathfinder-14");
        assertThat(run("generate", "--gap", "-1", "--count", "1", "-o", at("x")))
                .satisfies(outcome -> {
                    assertThat(outcome.code()).isEqualTo(2);
                    assertThat(outcome.err()).contains("gap is -1.0");
                });
        assertRefused(run("generate", "--segments", "90", "--count", "1", "-o", at("x")), "no room");
        assertRefused(run("show", at("nothing"), "-o", at("x.png")), "nothing: no such file or folder");
        assertRefused(run("show", folder.toString(), "-o", at("x.png")), "holds no data set", "imgs/neg");
    }

    @Test
    void everyCommandHasHelpWithAnExample() {
        for (String command : List.of("generate", "convert", "show")) {
            Outcome help = run(command, "--help");
            assertThat(help.code()).isZero();
            assertThat(help.out())
                    .contains("Usage: portolan dataset " + command)
                    .contains("Examples:");
        }
    }

    private String at(String name) {
        return folder.resolve(name).toString();
    }

    private List<Path> files(String name) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(name))) {
            return files.sorted().toList();
        }
    }

    private static void assertDone(Outcome outcome) {
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.err()).isEmpty();
    }

    private static void assertRefused(Outcome outcome, String... words) {
        assertThat(outcome.code()).as(outcome.out()).isEqualTo(1);
        assertThat(outcome.err().strip())
                .startsWith("portolan: ")
                .doesNotContain("\n")
                .doesNotContain("internal error")
                .contains(words);
    }

    private static Outcome run(String... arguments) {
        return Outcome.of(
                Stream.concat(Stream.of("dataset"), Stream.of(arguments)).toArray(String[]::new));
    }
}
