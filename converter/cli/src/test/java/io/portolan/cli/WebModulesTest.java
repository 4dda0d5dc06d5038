package io.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.portolan.cli.browser.Browser;
import io.portolan.cli.browser.Page;
import io.portolan.cli.browser.StaticFiles;
import io.portolan.images.ImageInput;
import io.portolan.images.ImagePreprocessor;
import io.portolan.images.Normalization;
import io.portolan.runtime.ModelMetadata;
import io.portolan.runtime.OnnxModel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The modules of {@code docs/web} that do in JavaScript what the runtime does in Java. They need no package from npm. */
class WebModulesTest {
    private static final Path SOURCE = Path.of("..", "..", "docs", "web");

    @TempDir
    private static Path folder;

    private static Path site;
    private static StaticFiles files;
    private static Browser browser;
    private static Page page;

    @BeforeAll
    static void open() throws Exception {
        browser = Browser.start(folder);
        site = Files.createDirectory(folder.resolve("site"));
        for (String module : new String[] {"metadata.js", "preprocess.js"}) {
            Files.copy(SOURCE.resolve(module), site.resolve(module));
        }
        Files.writeString(
                site.resolve("index.html"), "<!DOCTYPE html><link rel=icon href='data:,'><title>modules</title>");
        files = new StaticFiles(site);
        page = browser.open(files.address());
    }

    @AfterAll
    static void close() throws Exception {
        for (AutoCloseable open : new AutoCloseable[] {browser, files}) {
            if (open != null) {
                open.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"64, 64, 64, 64", "37, 53, 40, 24", "5, 4, 32, 31", "300, 201, 28, 36", "1, 1, 7, 3"})
    void thePixelsAreTheRuntimesToTheLastBit(int width, int height, int newWidth, int newHeight) throws IOException {
        ImagePreprocessor preprocessor = new ImagePreprocessor(newHeight, newWidth, Normalization.IMAGENET);
        for (int type : new int[] {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_3BYTE_BGR}) {
            Path image = site.resolve("noise.png");
            ImageIO.write(noise(width, height, type), "png", image.toFile());
            JsonNode bits = page.evaluate("""
                    (async () => {
                      const { toSample } = await import("./preprocess.js");
                      const file = await (await fetch("noise.png", { cache: "no-store" })).blob();
                      const metadata = { height: %d, width: %d, frames: 2, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
                      return [...new Int32Array((await toSample(file, metadata)).buffer)];
                    })()""".formatted(newHeight, newWidth));
            float[] expected = ImageInput.video(2, newHeight, newWidth).inEveryFrame(preprocessor.preprocess(image));
            assertThat(floats(bits)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"image", "video"})
    void theModelsDescriptionIsReadAsTheRuntimeReadsIt(String input) throws IOException {
        Path model = site.resolve(input + ".onnx");
        Outcome converted = Outcome.of(
                "convert",
                PageTrial.DEMO.resolve("checkpoint.pkl").toString(),
                "--config",
                PageTrial.DEMO.resolve("config.json").toString(),
                "--set",
                "input=" + input,
                "--labels=a,b c",
                "--no-verify",
                "-o",
                model.toString());
        assertThat(converted.code()).as(converted.err()).isZero();
        JsonNode read =
                page.evaluate(read("new Uint8Array(await (await fetch('%s.onnx')).arrayBuffer())".formatted(input)));
        try (OnnxModel onnx = OnnxModel.load(model)) {
            ModelMetadata metadata = ModelMetadata.from(onnx.metadata());
            assertThat(read.get("labels")).extracting(JsonNode::asText).isEqualTo(metadata.labels());
            assertThat(read.get("height").asInt()).isEqualTo(metadata.input().height());
            assertThat(read.get("width").asInt()).isEqualTo(metadata.input().width());
            assertThat(read.get("frames").asInt())
                    .isEqualTo(input.equals("image") ? 0 : metadata.input().frames());
            assertThat(read.get("mean"))
                    .extracting(JsonNode::floatValue)
                    .isEqualTo(metadata.normalization().mean());
            assertThat(read.get("std"))
                    .extracting(JsonNode::floatValue)
                    .isEqualTo(metadata.normalization().std());
        }
    }

    /** Fields end within the file, numbers end at all, and the entries must be there. */
    @Test
    void whatIsNoModelIsRefused() {
        assertRefused("new TextEncoder().encode('Dear reader')", "not an ONNX file");
        assertRefused("Uint8Array.of(0x72, 200, 1, 0)", "not an ONNX file, or not a whole one");
        assertRefused("new Uint8Array(40).fill(0xff)", "not an ONNX file");
        assertRefused("Uint8Array.of(0x72)", "not an ONNX file, or not a whole one");
        assertRefused("new Uint8Array()", "metadata portolan.format is missing; export the model with Portolan");
    }

    private static void assertRefused(String bytes, String message) {
        assertThatThrownBy(() -> page.evaluate(read(bytes)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Error: " + message);
    }

    private static String read(String bytes) {
        return "(async () => (await import('./metadata.js')).readMetadata(" + bytes + "))()";
    }

    private static BufferedImage noise(int width, int height, int type) {
        Random random = new Random(3);
        BufferedImage image = new BufferedImage(width, height, type);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int band = 0; band < image.getRaster().getNumBands(); band++) {
                    image.getRaster().setSample(x, y, band, random.nextInt(256));
                }
            }
        }
        return image;
    }

    private static float[] floats(JsonNode bits) {
        float[] values = new float[bits.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.intBitsToFloat(bits.get(i).asInt());
        }
        return values;
    }
}
