package io.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portolan.checkpoints.files.OutputFile;
import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.checkpoints.numpy.NpyFile;
import io.portolan.checkpoints.numpy.NpzArchive;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.cli.browser.Browser;
import io.portolan.cli.browser.Page;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The report of the bundled model, as a file, in a browser, and for programs; and what is refused. */
class ExplainCommandTest {
    private static final Path DEMO = Path.of("src/main/resources/demo");
    private static final String CHECKPOINT = DEMO.resolve("checkpoint.pkl").toString();
    private static final String CONFIG = DEMO.resolve("config.json").toString();
    private static final String IMAGE = DEMO.resolve("images/connected_0.png").toString();

    /** Kept after the build, to look at. */
    private static final Path KEPT = Path.of("target/explain");

    private static final Path PAGE = KEPT.resolve("report.html");

    /** What a person would notice within four frames. */
    private static final String OBSERVER = """
            new Promise((tell) => {
              const seen = new Set();
              const moments = new Set();
              setInterval(() => {
                seen.add(document.querySelector(".player img").src);
                moments.add(document.querySelector(".strip img.moment").style.objectPosition);
              }, 100);
              setTimeout(() => {
                const images = [...document.images];
                tell({
                  images: images.length,
                  broken: images.filter((image) => !image.complete || image.naturalWidth === 0).length,
                  mute: images.filter((image) => !image.alt).length,
                  frames: seen.size,
                  moments: moments.size,
                  wide: document.documentElement.scrollWidth > window.innerWidth,
                });
              }, 2300);
            })
            """;

    /** Widths in CSS pixels. */
    private static final int PHONE = 360;

    private static final int PAPER = 700;
    private static final String WIDE = "document.documentElement.scrollWidth > window.innerWidth";

    /** What is left on paper. */
    private static final String PRINTED = """
            ({
              controls: [...document.querySelectorAll("nav, .controls, .player, .moment")]
                  .filter((control) => control.getClientRects().length > 0).length,
              closed: [...document.querySelectorAll("details img")]
                  .filter((image) => !image.closest(".player") && !image.classList.contains("moment"))
                  .filter((image) => image.getBoundingClientRect().height === 0).length,
              wide: document.documentElement.scrollWidth > window.innerWidth,
            })
            """;

    private static JsonNode numbers;
    private static Path pictures;

    @TempDir
    private static Path shared;

    @TempDir
    private Path folder;

    @BeforeAll
    static void explainTwoImages() throws IOException {
        Files.createDirectories(KEPT);
        pictures = shared.resolve("pictures");
        Outcome outcome = Outcome.of(
                "explain",
                CHECKPOINT,
                IMAGE,
                DEMO.resolve("images/disconnected_0.png").toString(),
                "--config",
                CONFIG,
                "--points",
                "8",
                "-o",
                PAGE.toString(),
                "--force",
                "--png",
                pictures.toString(),
                "--json");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.err())
                .contains("temporal gradients", "integrated gradients", "receptive field", " s  2 images");
        numbers = new ObjectMapper().readTree(outcome.out());
    }

    @Test
    void thePageHasEverySectionAndNeedsNothingElse() throws IOException {
        String page = Files.readString(PAGE);
        for (String section : List.of(
                "model",
                "predictions",
                "gates",
                "kernels",
                "temporal",
                "mechanisms",
                "integrated",
                "terms",
                "states")) {
            assertThat(page).contains("<section id=\"" + section + "\">", "href=\"#" + section + "\"");
        }
        assertThat(page)
                .contains(
                        "w·K̂·K",
                        "The strongest term is ",
                        "Spectral radius",
                        "completeness error",
                        "connected − disconnected",
                        "prefers-color-scheme: dark");
        Matcher links =
                Pattern.compile("(?:src|href)=\"([^\"]*)\"|url\\(([^)]*)\\)").matcher(page);
        assertThat(links.results().map(link -> link.group(1)))
                .isNotEmpty()
                .allMatch(link -> link.startsWith("data:") || link.startsWith("#"));
    }

    @Test
    void theNumbersAreThoseOfTheReference() {
        assertThat(numbers.get("images")).hasSize(2);
        JsonNode first = numbers.get("images").get(0);
        assertThat(first.get("label").asText()).isEqualTo("connected");
        assertThat(first.get("temporal_gradients")).hasSize(8);
        assertThat(first.get("mechanisms").get("cssm_0/alpha").get("mean").asDouble())
                .isPositive();
        assertThat(first.get("kernel_gradients").get("cssm_0/kernel")).hasSize(11);
        assertThat(first.at("/contributions/cssm_0/A/γ·Q")).hasSize(8);
        JsonNode integrated = first.get("integrated_gradients");
        assertThat(integrated.get("completeness_error").asDouble())
                .isEqualTo(Math.abs(integrated.get("sum").asDouble()
                        - integrated.get("gained").asDouble()));
        JsonNode cell = numbers.get("cells").get(0);
        assertThat(cell.get("gates").get("decay_Q").get("max").asDouble()).isBetween(0.1, 0.99);
        assertThat(cell.get("transition_magnitudes")).hasSize(3);
        assertThat(cell.get("receptive_field").get(7).asDouble()).isPositive();
    }

    @Test
    void theFiguresAreFilesToo() throws IOException {
        try (Stream<Path> files = Files.list(pictures)) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).toList();
            assertThat(names)
                    .contains(
                            "temporal-gradient-by-frame.png",
                            "terms-terms-by-step-cssm-0-connected-0-png-α-k-a.png",
                            "temporal-gradient-over-the-image-connected-0-png-frame-7.png",
                            "kernels-mean-kernel-cssm-0-kernel.png");
        }
        BufferedImage frame =
                ImageIO.read(pictures.resolve("temporal-gradient-over-the-image-connected-0-png-frame-7.png")
                        .toFile());
        assertThat(frame.getWidth()).isEqualTo(256);
    }

    @Test
    void thePageWorksInABrowser() throws Exception {
        try (Browser browser = Browser.start(folder)) {
            Page page = browser.open(PAGE.toUri());
            page.resize(PHONE, 900);
            JsonNode seen = page.evaluate(OBSERVER);
            assertThat(seen.path("images").asInt()).isGreaterThan(80);
            assertThat(seen.path("frames").asInt())
                    .as("frames that the animation has shown")
                    .isGreaterThanOrEqualTo(4);
            assertThat(seen.path("moments").asInt())
                    .as("steps that the strips have shown")
                    .isGreaterThanOrEqualTo(4);
            assertThat(seen.path("broken").asInt(-1))
                    .as("pictures that did not load")
                    .isZero();
            assertThat(seen.path("mute").asInt(-1)).as("pictures without words").isZero();
            assertThat(seen.path("wide").asBoolean(true))
                    .as("wider than a telephone")
                    .isFalse();
            assertWorksByKeyboard(page);
            assertPrints(page, folder.resolve("report.pdf"));
            assertThat(page.complaints()).isEmpty();

            Path picture = KEPT.resolve("report.png");
            page.resize(1000, 7000);
            page.screenshot(picture);
            assertThat(ImageIO.read(picture.toFile()).getHeight()).isEqualTo(7000);
        }
    }

    /** Tab reaches links, groups and controls; space plays and pauses, and arrows go from step to step. */
    private static void assertWorksByKeyboard(Page page) throws IOException {
        Set<String> reached = new HashSet<>();
        String playing = "";
        for (int presses = 0; presses < 60 && !reached.contains("INPUT"); presses++) {
            page.press(Page.Key.TAB);
            String focused = page.evaluate("document.activeElement.tagName").asText();
            if (focused.equals("BUTTON")) {
                page.press(Page.Key.SPACE);
                playing = page.evaluate("document.activeElement.textContent").asText();
            }
            reached.add(focused);
        }
        assertThat(reached).contains("A", "SUMMARY", "BUTTON", "INPUT");
        assertThat(playing).as("what the button offers once it is pressed").isEqualTo("Play");
        int before = page.evaluate("document.activeElement.value").asInt();
        page.press(Page.Key.RIGHT);
        assertThat(page.evaluate("document.activeElement.value").asInt()).isEqualTo(before + 1);
        assertThat(page.evaluate("document.activeElement.nextSibling.textContent")
                        .asText())
                .endsWith(" " + (before + 1));
    }

    /** On paper there are no controls, all groups are open, and nothing is wider than the paper. */
    private static void assertPrints(Page page, Path pdf) throws IOException {
        page.printed(true);
        page.resize(PAPER, 1000);
        JsonNode seen = page.evaluate(PRINTED);
        assertThat(seen.path("controls").asInt(-1)).isZero();
        assertThat(seen.path("closed").asInt(-1))
                .as("pictures in closed groups")
                .isZero();
        assertThat(seen.path("wide").asBoolean(true)).as("wider than paper").isFalse();
        page.print(pdf);
        assertThat(Files.readAllBytes(pdf)).startsWith("%PDF".getBytes(StandardCharsets.US_ASCII));
        page.printed(false);
    }

    private void assertOpens(Path file) throws Exception {
        try (Browser browser = Browser.start(folder)) {
            Page page = browser.open(file.toUri());
            page.resize(PHONE, 900);
            assertThat(page.evaluate(WIDE).asBoolean(true))
                    .as("wider than a telephone")
                    .isFalse();
            assertPrints(page, folder.resolve("page.pdf"));
            assertThat(page.complaints()).isEmpty();
            page.resize(1000, 5000);
            page.screenshot(KEPT.resolve(file.getFileName() + ".png"));
        }
    }

    /** The circuit of an hGRU, the attention of a transformer, and cells without linear systems; with all that is drawn as arrays. */
    @Tag("slow")
    @ParameterizedTest
    @CsvSource(textBlock = """
                    baselines/hgru_eta_16,  terms,     hgru/state/H1,  hgru/contribution/S1/from_C1
                    baselines/vit_video_24, attention, block1/attention_among_places, temporal_block2/attention_among_frames
                    family/head_gdn,        terms,     cssm_0/state/S, cssm_0/term/S/from_S_2
                    family/formula_no_fft,  terms,     cssm_0/state/h, cssm_0/gate_in_space/delta_proj
                    family/head_mamba2_seq, states,    cssm_0/read_out, cssm_0/receptive_field
                    """)
    void modelsOfAllKindsHavePagesAndArrays(String name, String section, String array, String other) throws Exception {
        GoldenCase golden = GoldenCase.named(name);
        Path config = Files.writeString(folder.resolve("config.json"), golden.configJson());
        Path page = KEPT.resolve(name.replace('/', '-') + ".html");
        Path arrays = folder.resolve("arrays.npz");
        Path input = folder.resolve("input.npy");
        OutputFile.replace(input, out -> NpyFile.write(golden.tensor("input"), out));
        long[] shape = golden.tensor("input").shape();
        Outcome outcome = Outcome.of(
                "explain",
                golden.checkpointFile().toString(),
                input.toString(),
                "--config",
                config.toString(),
                "--set",
                shape.length == 5 ? "seq_len=" + shape[1] : "image_size=" + shape[1] + "x" + shape[2],
                "--points",
                "2",
                "-o",
                page.toString(),
                "--force",
                "--npz",
                arrays.toString(),
                "--json");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(page).content().contains("<section id=\"" + section + "\">", "What this model does not have");
        assertThat(NpzArchive.read(arrays)).containsKeys(array, other, "temporal_maps", "integrated_gradients");
        assertThat(new ObjectMapper().readTree(outcome.out()).get("absent")).isNotEmpty();
        assertOpens(page);
    }

    /** The arrays of a model whose attributions are recorded; and its simplified model is called an approximation. */
    @Tag("slow")
    @Test
    void theArraysAreThoseOfTheReference() throws IOException {
        GoldenCase golden = GoldenCase.named("hgru_bi_32");
        Path config = Files.writeString(folder.resolve("config.json"), golden.configJson());
        Path page = folder.resolve("report.html");
        Path arrays = folder.resolve("arrays.npz");
        float[] inputs = golden.tensor("input").toFloats();
        Path input = folder.resolve("input.npy");
        long[] shape = {32, 32, 3};
        OutputFile.replace(
                input, out -> NpyFile.write(ArrayData.ofFloats(shape, Arrays.copyOf(inputs, 32 * 32 * 3)), out));
        Outcome outcome = Outcome.of(
                "explain",
                golden.checkpointFile().toString(),
                input.toString(),
                IMAGE,
                "--config",
                config.toString(),
                "--set",
                "image_size=32x32",
                "--simplified",
                "--class",
                "1",
                "-o",
                page.toString(),
                "--npz",
                arrays.toString());
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.err()).contains("resized from 64x64 to 32x32", "wrote " + arrays);
        assertThat(Files.readString(page)).contains("An approximation, not the model", "γ·X⊙Z", "μ_E·K̂_E");
        assertAreRecorded(golden, NpzArchive.read(arrays));

        assertRefused(2, explain(IMAGE, "--json", "--simplified"), "--simplified", "hgru_bi", "transformer");
    }

    private static void assertAreRecorded(GoldenCase golden, Map<String, ArrayData> arrays) {
        String recorded = "attribution/positive/";
        int compared = 0;
        for (String name : arrays.keySet()) {
            String known = name.replace("kernel_gradient/", "kernel_grad_mean/").replace("/cssm_0/", "/");
            if (golden.tensors().containsKey(recorded + known)) {
                // Near a grey baseline rounding decides where a pooling window's gradient goes (see
                // GoldenAttributionTest).
                assertClose(
                        golden.tensor(recorded + known),
                        arrays.get(name),
                        name.equals("integrated_gradients") ? 1e-2 : 1e-4);
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(15);
        assertThat(arrays).containsKeys("temporal", "temporal_maps", "integrated_gradients");
        long steps = golden.tensor(recorded + "temporal").size();
        ArrayData inhibition = arrays.get("cssm_0/term/X/from_Y");
        assertThat(inhibition.shape()).hasSize(5).startsWith(2, steps);
        assertThat(arrays.get("mean/cssm_0/term/X/from_Y").shape()).hasSize(4).startsWith(2, steps);
        assertThat(arrays.get("cssm_0/contribution/X/input").shape()).containsExactly(2, steps);
        assertThat(arrays)
                .containsKeys(
                        "cssm_0/read_out",
                        "cssm_0/gate/gamma_gate",
                        "cssm_0/receptive_field",
                        "cssm_0/simplified/product/X_Z",
                        "cssm_0/simplified/term/X/gamma");
        float[] sum = new float[Math.toIntExact(inhibition.size())];
        for (String source : List.of("from_X", "from_Y", "from_Z", "input")) {
            float[] term = arrays.get("cssm_0/term/X/" + source).toFloats();
            IntStream.range(0, sum.length).forEach(i -> sum[i] += term[i]);
        }
        assertThat(relative(sum, arrays.get("cssm_0/state/X").toFloats())).isLessThan(1e-6);
    }

    /** The first image's part of an array is what was recorded of it. */
    private static void assertClose(ArrayData recorded, ArrayData array, double tolerance) {
        float[] expected = recorded.toFloats();
        assertThat(relative(Arrays.copyOf(array.toFloats(), expected.length), expected))
                .isLessThan(tolerance);
    }

    private static double relative(float[] actual, float[] expected) {
        double differences = 0;
        double squares = 0;
        for (int i = 0; i < expected.length; i++) {
            differences += Math.pow((double) actual[i] - expected[i], 2);
            squares += Math.pow(expected[i], 2);
        }
        return Math.sqrt(differences / squares);
    }

    @Test
    void imagesOfOtherSizesAndColoursArePreparedAndThatIsSaid() throws IOException {
        BufferedImage colour = new BufferedImage(50, 30, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = colour.createGraphics();
        graphics.setColor(Color.ORANGE);
        graphics.fillOval(5, 5, 20, 20);
        graphics.dispose();
        Path file = folder.resolve("colour.png");
        ImageIO.write(colour, "png", file.toFile());
        GoldenCase golden = GoldenCase.named("transformer_temporal_t1_36");
        Path config = Files.writeString(folder.resolve("config.json"), golden.configJson());
        Outcome outcome = Outcome.of(
                "explain",
                golden.checkpointFile().toString(),
                file.toString(),
                IMAGE,
                "--config",
                config.toString(),
                "--points",
                "2",
                "--json",
                "--limit",
                "1");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.err())
                .contains("converted to grey, resized from 50x30 to 36x36", "the first 1 of the images; --limit");
    }

    @Test
    void aDataSetIsExplainedByItsLabelsAndTwoCheckpointsSideBySide() throws Exception {
        GoldenCase golden = GoldenCase.named("transformer_temporal_t1_36");
        Path config = Files.writeString(folder.resolve("config.json"), golden.configJson());
        Path page = KEPT.resolve("both.html");
        Outcome outcome = Outcome.of(
                "explain",
                golden.checkpointFile().toString(),
                "--against",
                golden.checkpointFile().toString(),
                "--data",
                "generate:easiest:8",
                "--config",
                config.toString(),
                "--points",
                "2",
                "--json",
                "-o",
                page.toString(),
                "--force");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        JsonNode both = new ObjectMapper().readTree(outcome.out());
        assertThat(both).hasSize(2);
        assertThat(both.get(0)).isEqualTo(both.get(1));
        JsonNode images = both.get(0).get("images");
        assertThat(images.findValuesAsText("explained_class")).containsExactly("connected", "disconnected");
        assertThat(images.findValuesAsText("remark")).containsExactly("labelled connected", "labelled disconnected");
        assertThat(page)
                .content()
                .contains("Two checkpoints compared", "agree on 2 of 2 images", "B − A", "Spectrum as applied")
                .hasSizeLessThan(2_000_000);
        assertOpens(page);
    }

    @Test
    void samplesAreChosenFromADataSet() throws IOException {
        String model = DEMO.resolve("model.onnx").toString();
        Outcome outcome = Outcome.of("predict", model, "--data", "generate:easiest:8", "--ids", "5,2", "--json");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        JsonNode verdicts = new ObjectMapper().readTree(outcome.out());
        assertThat(verdicts.findValuesAsText("source"))
                .containsExactly("generate:easiest:8[5]", "generate:easiest:8[2]");
        assertThat(verdicts.findValuesAsText("labelled")).allMatch(label -> label.endsWith("connected"));
        assertRefused(2, Outcome.of("predict", model, "--data", "generate:easiest:8", "--ids", "8"), "0 to 7");
        assertRefused(2, Outcome.of("predict", model, IMAGE, "--ids", "1"), "--data");
        assertRefused(2, Outcome.of("predict", model), "INPUT", "--data");
        assertRefused(2, explain(IMAGE, "--data", "generate:easiest:8", "--json"), "not both");
        assertRefused(2, explain(IMAGE, "--class", "label", "--json"), "--class label", "--data");
    }

    @Test
    void whatCannotBeExplainedIsRefused() throws IOException {
        Path broken = Files.write(
                folder.resolve("broken.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0});
        assertRefused(1, explain(broken.toString(), "--json"), "broken.png");
        assertRefused(1, explain(folder.resolve("none.png").toString(), "--json"), "none.png", "no such file");
        assertRefused(
                1, explain(Files.createDirectory(folder.resolve("empty")).toString(), "--json"), "empty", "no images");
        assertRefused(2, explain("--json"), "INPUT");
        assertRefused(2, explain(IMAGE), "nothing to do", "-o REPORT.html");
        assertRefused(2, explain(IMAGE, "--json", "--points", "1"), "--points is 1");
        assertRefused(2, explain(IMAGE, "--json", "--class", "cat"), "--class is 'cat'", "connected");
        assertRefused(1, explain(IMAGE, "--png", CONFIG), "config.json", "is a file");
        Path precious = Files.writeString(folder.resolve("page.html"), "precious");
        assertRefused(1, explain(IMAGE, "-o", precious.toString()), "--force");
        assertThat(precious).hasContent("precious");
    }

    private static Outcome explain(String... more) {
        return Outcome.of(Stream.concat(Stream.of("explain", CHECKPOINT, "--config", CONFIG), Stream.of(more))
                .toArray(String[]::new));
    }

    private static void assertRefused(int code, Outcome outcome, String... words) {
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(code);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains(words).doesNotContain("internal error");
    }
}
