package io.portolan.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImagePreprocessorTest {
    private final ImagePreprocessor preprocessor = new ImagePreprocessor(224, 224, Normalization.IMAGENET);

    @TempDir
    private Path folder;

    /** The expected arrays are what the reference made of the same 300x300 PNG files with Pillow and numpy. */
    @ParameterizedTest
    @ValueSource(strings = {"connected", "disconnected"})
    void equalsTheReferenceInEveryBit(String name) throws IOException {
        float[] expected =
                TestImages.arrays("/pathfinder/normalized_224.npz").get(name).toFloats();

        assertThat(preprocessor.preprocess(TestImages.file("/pathfinder/" + name + ".png")))
                .isEqualTo(expected);
    }

    @Test
    void preparesAnImageInMemoryAsItsFile() throws IOException {
        Path file = TestImages.file("/pathfinder/connected.png");

        assertThat(preprocessor.preprocess(ImageIO.read(file.toFile()))).isEqualTo(preprocessor.preprocess(file));
    }

    @Test
    void normalizesBlackAndWhiteForImageNet() {
        ImagePreprocessor pixel = new ImagePreprocessor(1, 1, Normalization.IMAGENET);

        assertThat(pixel.preprocess(TestImages.uniform(0, 1, 1)))
                .containsExactly(-0.485f / 0.229f, -0.456f / 0.224f, -0.406f / 0.225f);
        assertThat(pixel.preprocess(TestImages.uniform(255, 1, 1)))
                .containsExactly((1 - 0.485f) / 0.229f, (1 - 0.456f) / 0.224f, (1 - 0.406f) / 0.225f);
    }

    @Test
    void laysOutHeightBeforeWidth() {
        BufferedImage image = TestImages.uniform(0, 3, 2);
        image.getRaster().setSample(2, 0, 0, 255);

        float[] input = new ImagePreprocessor(2, 3, Normalization.IMAGENET).preprocess(image);

        assertThat(input).hasSize(2 * 3 * 3);
        assertThat(input[2 * 3]).isEqualTo((1 - 0.485f) / 0.229f);
        assertThat(input[3 * 3]).isEqualTo(-0.485f / 0.229f);
    }

    @Test
    void namesAMissingFile() {
        assertRefused(folder.resolve("absent.png"), "no such file");
    }

    @Test
    void namesAFolder() {
        assertRefused(folder, "is a folder");
    }

    @Test
    void namesAFileThatIsNoImage() throws IOException {
        assertRefused(Files.writeString(folder.resolve("notes.png"), "not a picture"), "not an image");
    }

    @Test
    void namesATruncatedImage() throws IOException {
        byte[] whole = Files.readAllBytes(TestImages.file("/pathfinder/connected.png"));

        assertRefused(Files.write(folder.resolve("half.png"), Arrays.copyOf(whole, whole.length / 2)), "truncated");
    }

    /** Only the header says how large the picture is; decoding it would fail with another message. */
    @ParameterizedTest
    @CsvSource({"65536, 1", "1, 65536", "8193, 8192", "2147483647, 2147483647"})
    void refusesAHugeImageBeforeDecodingIt(int width, int height) throws IOException {
        assertRefused(Files.write(folder.resolve("huge.png"), pngHeader(width, height)), "too many");
    }

    @Test
    void refusesASizeThatIsNotPositive() {
        assertThatThrownBy(() -> new ImagePreprocessor(0, 224, Normalization.IMAGENET))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void assertRefused(Path file, String reason) {
        assertThatThrownBy(() -> preprocessor.preprocess(file))
                .isInstanceOf(PreprocessingException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(reason)
                .message()
                .doesNotContain("\n");
    }

    private static byte[] pngHeader(int width, int height) throws IOException {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        DataOutputStream header = new DataOutputStream(chunk);
        header.write("IHDR".getBytes(StandardCharsets.US_ASCII));
        header.writeInt(width);
        header.writeInt(height);
        header.write(new byte[] {8, 0, 0, 0, 0});
        CRC32 checksum = new CRC32();
        checksum.update(chunk.toByteArray());
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        DataOutputStream png = new DataOutputStream(file);
        png.writeLong(0x89504e470d0a1a0aL);
        png.writeInt(chunk.size() - 4);
        png.write(chunk.toByteArray());
        png.writeInt((int) checksum.getValue());
        return file.toByteArray();
    }
}
