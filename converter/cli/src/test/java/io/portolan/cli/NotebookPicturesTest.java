package io.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pictures of docs/notebooks.md are what its line draws; {@code -Dportolan.write-docs=true} replaces them. */
@Tag("slow")
class NotebookPicturesTest {
    private static final Path DEMO = Path.of("src/main/resources/demo");
    private static final Path DOCS = Path.of("../../docs/notebooks");
    private static final long MOST_BYTES = 300_000;

    /** Mean difference of levels, of 255: fonts differ between machines, and gradients in their last bits. */
    private static final double MOST_DIFFERENT = 8;

    private static final Map<String, String> PICTURES = Map.of(
            "temporal.png", "temporal-gradient-by-frame.png",
            "mechanisms.png", "mechanisms-gates-gradient-by-mechanism.png",
            "kernel.png", "mechanisms-gradient-by-the-kernel-cssm-0-kernel-connected-disconnected.png",
            "integrated.png", "integrated-integrated-gradients-connected-0-png.png");

    @TempDir
    private Path folder;

    @Test
    void thePicturesAreTrue() throws IOException {
        Outcome outcome = Outcome.of(
                "explain",
                DEMO.resolve("checkpoint.pkl").toString(),
                DEMO.resolve("images/connected_0.png").toString(),
                DEMO.resolve("images/disconnected_0.png").toString(),
                "--config",
                DEMO.resolve("config.json").toString(),
                "--baseline",
                "black",
                "--png",
                folder.toString());
        assertThat(outcome.code()).as(outcome.err()).isZero();
        for (Map.Entry<String, String> picture : PICTURES.entrySet()) {
            Path drawn = folder.resolve(picture.getValue());
            Path shown = DOCS.resolve(picture.getKey());
            if (Boolean.getBoolean("portolan.write-docs")) {
                Files.copy(drawn, shown, StandardCopyOption.REPLACE_EXISTING);
            }
            assertThat(Files.size(shown)).isLessThan(MOST_BYTES);
            assertThat(difference(ImageIO.read(drawn.toFile()), ImageIO.read(shown.toFile())))
                    .as(picture.getKey())
                    .isLessThan(MOST_DIFFERENT);
        }
    }

    /** The mean absolute difference of the green levels of two pictures of one size. */
    private static double difference(BufferedImage one, BufferedImage other) {
        assertThat(one.getWidth()).isEqualTo(other.getWidth());
        assertThat(one.getHeight()).isEqualTo(other.getHeight());
        long sum = 0;
        for (int y = 0; y < one.getHeight(); y++) {
            for (int x = 0; x < one.getWidth(); x++) {
                sum += Math.abs((one.getRGB(x, y) >> 8 & 0xff) - (other.getRGB(x, y) >> 8 & 0xff));
            }
        }
        return (double) sum / (one.getWidth() * one.getHeight());
    }
}
